import type { PlannedCall } from '../../../domain/remediation/plan.ts';
import { principalIdOf, storageAppOf } from '../../domain/estate.ts';
import type { Simulation } from '../simulation.ts';
import { type Step, tenantState } from '../tenant/journal.ts';
import { jobRows } from './job-rows.ts';

/**
 * The tenant differs from its start by what administrators did and by executed plans alone. Both are replayed, an
 * administrator's act as it was, a plan by what its stored job says and not by what came of it, and lead to the same.
 */
export function tenantDiffersOnlyBy(simulation: Simulation): void {
  const { tenant, violations } = simulation;
  const planned = new Map(
    jobRows(simulation).flatMap(({ job }) =>
      job.plan.calls.map((call) => [JSON.stringify([call.method, call.url, call.body]), call] as const),
    ),
  );
  const replayed = new Map(tenant.stateAtStart);
  for (const step of tenant.journal) {
    const call = planned.get(step.call);
    if (step.by === 'administrator') for (const [place, value] of step.changed) put(place, value);
    else if (call !== undefined) put(...changeOf(call, step, [...replayed.keys()]));
  }
  const live = tenantState(tenant.live);
  for (const place of new Set([...live.keys(), ...replayed.keys()])) {
    const [is, should] = [String(live.get(place)), String(replayed.get(place))];
    if (is !== should) violations.add(`The tenant differs from what was done to it: ${place} is ${is}, not ${should}`);
  }

  function put(place: string, value: string | null): void {
    if (value === null) replayed.delete(place);
    else replayed.set(place, value);
  }
}

/** What a call does by its words, and to what. Of what was made, the tenant alone knows the id. */
function changeOf(
  { method, url, body }: PlannedCall,
  { changed }: Step,
  places: readonly string[],
): readonly [place: string, value: string | null] {
  const scope = body['scope'] as string;
  if (method === 'POST') {
    const app = appOf(body['clientId'] as string, places);
    const made = changed.find(([place]) => place.startsWith(`${app}.consent `))?.[0] ?? `${app}.consent`;
    return [made, scope];
  }
  if (method === 'PUT')
    return [`files ${/\/storageaccounts\/([^/]+)/.exec(url)?.[1] ?? url}`, JSON.stringify(body['properties'])];
  const id = url.split('/').at(-1) ?? '';
  if (url.startsWith('/v1.0/oauth2PermissionGrants/'))
    return [places.find((place) => place.endsWith(`.consent ${id}`)) ?? url, method === 'DELETE' ? null : scope];
  if (url.startsWith('/v1.0/applications/')) {
    const app = appOf(id, places, applicationIdOf);
    const more = (body['identifierUris'] as readonly string[] | undefined)?.filter((name) =>
      name.includes(privateLink),
    );
    return more === undefined
      ? [`${app}.tags`, (body['tags'] as readonly string[]).join()]
      : [`${app}.names`, more.join()];
  }
  if (url.startsWith('/v1.0/servicePrincipals/'))
    return [`${appOf(id, places)}.assignmentRequired`, JSON.stringify(body['appRoleAssignmentRequired'])];
  const { conditions } = body as { conditions: { applications: { excludeApplications: readonly string[] } } };
  return ['policy.excluded', conditions.applications.excludeApplications.join()];
}

const privateLink = '.privatelink.';

function applicationIdOf(number: number): string {
  return storageAppOf('any', number).application.id;
}

function appOf(id: string, places: readonly string[], idOf = principalIdOf): string {
  const apps = places.flatMap((place) => /^app (\d+)\.assignmentRequired$/.exec(place)?.[1] ?? []);
  return `app ${apps.find((number) => idOf(Number(number)) === id) ?? 'unknown'}`;
}
