import type { Instance } from '../instance.ts';
import type { Simulation } from '../simulation.ts';
import { decideOnJob, pullKillSwitch } from './approvers.ts';
import { misbehave } from './consumers.ts';
import { release, takeBack, tryAgain } from './job-askers.ts';
import { forbidWrites } from './outages.ts';

const hour = 3_600_000;

/** What people decide on jobs, and what consumers send that they should not; in calm days somebody looks every few hours. */
export function setDecisions(simulation: Simulation, remediators: readonly Instance[], until: number): void {
  const { start, timeline, random } = simulation;
  const sometime = (times: number, what: () => void): void => {
    for (let time = 0; time < times; time += 1) timeline.at(random.between(start + 6 * hour, until), what);
  };
  const decide = (): void => {
    decideOnJob(simulation, remediators);
  };
  sometime(random.between(10, 30), decide);
  for (let later = 2; later <= 40; later += 4) timeline.at(until + later * hour, decide);
  sometime(random.pick([0, 0, 1]), () => {
    pullKillSwitch(simulation, remediators);
  });
  sometime(random.between(0, 6), () => {
    misbehave(simulation);
  });
  const ask = (what: typeof takeBack) => (): void => {
    what(simulation, remediators);
  };
  sometime(random.between(0, 5), ask(takeBack));
  sometime(random.between(0, 3), ask(tryAgain));
  sometime(random.between(0, 3), ask(release));
  sometime(random.pick([0, 0, 1]), () => {
    forbidWrites(simulation);
  });
  // Some of what is asked late is done in peace; what it changes has a night left in which to be found.
  for (const what of [takeBack, release, tryAgain]) timeline.at(until + random.between(2, 12) * hour, ask(what));
}
