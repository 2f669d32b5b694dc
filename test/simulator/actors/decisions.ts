import type { Instance } from '../instance.ts';
import type { Simulation } from '../simulation.ts';
import { decideOnJob, pullKillSwitch } from './approvers.ts';
import { misbehave } from './consumers.ts';

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
  sometime(random.between(6, 20), decide);
  for (let later = 2; later <= 40; later += 4) timeline.at(until + later * hour, decide);
  sometime(random.pick([0, 0, 1]), () => {
    pullKillSwitch(simulation, remediators);
  });
  sometime(random.between(0, 4), () => {
    misbehave(simulation);
  });
}
