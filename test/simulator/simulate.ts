import { administer, interfere, noticedAtOnce } from './actors/administrators.ts';
import { setAgenda } from './actors/agenda.ts';
import { setDecisions } from './actors/decisions.ts';
import { calmDown } from './actors/outages.ts';
import { startApp } from './app.ts';
import type { Counts } from './counts.ts';
import { checkAtEnd, checkRun, checkNoticed, checkWrite } from './invariants/index.ts';
import { keepPromises } from './invariants/promises.ts';
import { createSimulation, type Simulation } from './simulation.ts';
import { accountKeyOf } from './tenant/live.ts';
import { opens } from './witness.ts';
import { type WrongName, wrongs } from './wrong/index.ts';

export interface Simulated {
  readonly seed: number;
  /** What did not hold, a sentence for each; empty: all did. */
  readonly violations: readonly string[];
  readonly counts: Counts;
}

const hour = 3_600_000;
const day = 24 * hour;

/**
 * One simulation: a rough night or two, then a calm one, in which everything that was left behind has to come right.
 * @param write takes the trace, line by line.
 */
export async function simulate(
  seed: number,
  { fault, write = null }: { readonly fault: WrongName | null; readonly write?: ((line: string) => void) | null },
): Promise<Simulated> {
  const simulation = createSimulation(seed, fault === null ? {} : wrongs[fault](), write);
  try {
    await live(simulation);
  } finally {
    for (const { sentence, at } of simulation.violations.timed()) simulation.trace.mark(at, 'VIOLATION', sentence);
    simulation.trace.end();
  }
  return { seed, violations: [...simulation.violations], counts: simulation.counts };
}

async function live(simulation: Simulation): Promise<void> {
  const { start, timeline, random, counts, truth, witness } = simulation;
  const { desk, remediators } = startApp(simulation);
  simulation.listeners.onTenantWrite = (write) => {
    checkWrite(simulation, write);
  };
  // In the same instant, before whoever wrote looks again.
  simulation.listeners.onTenantWritten = () => {
    const last = simulation.written.at(-1);
    if (last !== undefined && !simulation.weather.calm && random.chance(0.1)) interfere(simulation, last.job);
  };
  keepPromises(simulation);
  simulation.listeners.onRunFinished = (run) => {
    checkRun(simulation, run);
  };

  const roughUntil = start + random.between(26, 40) * hour;
  setAgenda(simulation, desk, roughUntil);
  setDecisions(simulation, remediators, roughUntil);
  await timeline.runUntil(roughUntil);
  calmDown(simulation);
  await timeline.runUntil(roughUntil + hour);

  if (witness.finishedRuns.length > 0) {
    const since = timeline.now();
    const changed = [1, 2, 3].map(() => administer(simulation, { only: noticedAtOnce }));
    await timeline.runUntil(timeline.now() + hour);
    checkNoticed(
      simulation,
      new Set(changed.flatMap((account) => (account === null ? [] : [accountKeyOf(account)]))),
      since,
    );
  }

  await timeline.runUntil(roughUntil + 28 * hour);
  truth.look();
  simulation.violations.over();
  checkAtEnd(simulation);
  counts.days = (timeline.now() - start) / day;
  counts.opened = witness.transitions.filter(opens).length;
  counts.alerts = simulation.receiver.taken.size;
}
