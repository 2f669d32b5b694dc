import type { Instance } from '../instance.ts';
import type { Simulation } from '../simulation.ts';
import { administer, mendable, revocation } from './administrators.ts';
import { breakDown, loseSight } from './outages.ts';
import { attend } from './people.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** What everybody will do, until then. Some of it comes at any time, some where it is apt to meet something else. */
export function setAgenda(simulation: Simulation, desk: Instance, until: number): void {
  const { start, timeline, random, nightlyAt, tenant } = simulation;

  function sometime(times: number, from: number, what: () => void): void {
    for (let time = 0; time < times; time += 1) timeline.at(random.between(from, until), what);
  }

  /** Several acts on one account within a few minutes, while the security team looks at it too. */
  function burst(): void {
    const account = random.pick(tenant.live.accounts);
    const acts = random.between(2, 5);
    // Within a debounce or two, or longer, and shorter than the broker knows duplicates.
    const lasts = random.pick([2, 9]) * minute;
    for (let act = 0; act < acts; act += 1) {
      timeline.after(random.between(0, lasts), () => {
        administer(simulation, { on: account });
      });
    }
    for (let look = random.between(4, 10); look > 0; look -= 1) {
      timeline.after(random.between(0, 4 * minute), () => {
        attend(simulation, desk, account.name);
      });
    }
  }

  /** Around an hour of each day, give or take. */
  function daily(at: number, give: number, chance: number, what: () => void): void {
    for (let midnight = Math.ceil(start / day) * day; midnight < until; midnight += day) {
      const time = midnight + at + random.between(-give, give);
      if (time > start && time < until && random.chance(chance)) timeline.at(time, what);
    }
  }

  sometime(random.between(0, 4), start, () => administer(simulation));
  sometime(random.between(4, 12), start + 6 * hour, () => administer(simulation));
  sometime(random.between(1, 6), start + day, () => {
    const consented = tenant.live.accounts.filter(
      ({ exists, kerberos, app }) => exists && kerberos && (app?.consents.length ?? 0) > 0,
    );
    if (consented.length > 0) administer(simulation, { only: revocation, on: random.pick(consented) });
  });
  sometime(random.between(2, 8), start + 6 * hour, () => administer(simulation, { only: mendable }));
  sometime(random.between(0, 3), start + 6 * hour, burst);
  sometime(random.between(0, 6), start + day, () => {
    attend(simulation, desk);
  });
  sometime(random.between(0, 3), start, () => {
    loseSight(simulation);
  });
  sometime(random.pick([0, 0, 1, 2]), start, () => {
    breakDown(simulation, random.pick(['store', 'broker', 'receiver']));
  });
  daily(nightlyAt, 3 * minute, 0.6, burst);
  daily(nightlyAt, 2 * minute, 0.4, () => {
    attend(simulation, desk);
  });
  // What the night before could read.
  daily(nightlyAt - 6 * minute, 5 * minute, 0.15, () => {
    loseSight(simulation);
  });
  daily(-15 * minute, 14 * minute, 0.8, () => {
    breakDown(simulation, random.pick(['broker', 'broker', 'broker', 'store', 'receiver']));
  });
  daily(-6 * minute, 5 * minute, 0.8, burst);
}
