import type { Simulation } from '../simulation.ts';
import type { Part } from '../weather.ts';
import { remediatorWrites } from '../tenant/executor.ts';
import { subscriptionIds } from '../tenant/live.ts';

const minute = 60_000;
const lists = [
  'applications',
  'service-principals',
  'oauth2-permission-grants',
  'conditional-access-policies',
] as const;

/** Somebody takes a permission away, and gives it back hours later. */
export function loseSight({ random, tenant, timeline, trace }: Simulation): void {
  const place = random.chance(0.5) ? random.pick(subscriptionIds) : random.pick(lists);
  if (tenant.forbidden.has(place)) return;
  tenant.forbidden.add(place);
  trace.say('permissions', `the auditor may not read ${place} any more`);
  timeline.after(random.between(30, 36 * 60) * minute, () => {
    if (!tenant.forbidden.delete(place)) return;
    tenant.regainedAt.set(place, timeline.now());
    trace.say('permissions', `the auditor may read ${place} again`);
  });
}

/** Somebody takes the remediator's permission away, and gives it back hours later. */
export function forbidWrites({ random, tenant, timeline, trace }: Simulation): void {
  tenant.forbidden.add(remediatorWrites);
  trace.say('permissions', 'the remediator may not write any more');
  timeline.after(random.between(1, 24) * 60 * minute, () => {
    tenant.forbidden.delete(remediatorWrites);
    trace.say('permissions', 'the remediator may write again');
  });
}

/** One of the parts cannot be reached for a while, or does what it is asked and does not answer. */
export function breakDown({ random, weather, timeline, trace }: Simulation, part: Part): void {
  weather.down[part] = timeline.now() + random.between(1, 90) * minute;
  if (random.chance(0.5)) weather.mute.add(part);
  else weather.mute.delete(part);
  const how = weather.mute.has(part) ? 'does not answer' : 'cannot be reached';
  trace.say('outage', `the ${part} ${how} until ${new Date(weather.down[part]).toISOString()}`);
}

/** Everything works again, and goes on working. */
export function calmDown({ weather, tenant, timeline, trace }: Simulation): void {
  weather.calm = true;
  weather.calmSince = timeline.now();
  for (const part of ['store', 'broker', 'receiver'] as const)
    weather.down[part] = Math.min(weather.down[part], timeline.now());
  for (const place of tenant.forbidden) tenant.regainedAt.set(place, timeline.now());
  tenant.forbidden.clear();
  trace.say('weather', 'nothing goes wrong from here on');
}
