import type { Transition } from '../../../domain/findings/finding.ts';
import { unpackJson } from '../../../infra/azure/tables/json-properties.ts';
import type { Simulation } from '../simulation.ts';
import { storedFindings } from './stored.ts';

/** History replays to the current state of every finding: each step once, as it was committed, without a hole, each from where the last one led. */
export function history(simulation: Simulation): void {
  const { store, violations, witness } = simulation;
  const committed = new Map(
    witness.transitions.map(({ transition }) => [nameOf(transition), JSON.stringify(transition)]),
  );
  const steps = new Map<string, Transition[]>();
  for (const { partitionKey, rowKey, properties } of store.history.page({}, Infinity, null)) {
    if (partitionKey === 'attributed' || /^(?:change|attribution)~/.test(rowKey)) continue;
    const transition = unpackJson('body', properties) as Transition;
    const id = `${transition.key}/${transition.rule}`;
    if (committed.get(nameOf(transition)) !== JSON.stringify(transition))
      violations.add(`History tells step ${String(transition.number)} of ${id} otherwise than it was committed`);
    steps.set(id, [...(steps.get(id) ?? []), transition]);
  }
  for (const [id, finding] of storedFindings(simulation)) {
    const told = steps.get(id) ?? [];
    steps.delete(id);
    const numbers = told.map(({ number }) => number);
    const wanted = Array.from({ length: finding.transitions }, (_, index) => index + 1);
    if (numbers.join() !== wanted.join()) {
      violations.add(
        `History of ${id} has the steps ${numbers.join(', ') || 'none'}; its finding says ${String(finding.transitions)}`,
      );
      continue;
    }
    for (const [index, { before, after, number }] of told.entries()) {
      const from = told[index - 1]?.after.state ?? null;
      if ((before?.state ?? null) !== from) {
        violations.add(
          `History of ${id}: step ${String(number)} begins at ${String(before?.state)}, the one before led to ${String(from)}`,
        );
      }
      if (index === told.length - 1 && after.state !== finding.state) {
        violations.add(`History of ${id} ends in ${after.state}; its finding is ${finding.state}`);
      }
    }
  }
  for (const id of steps.keys()) violations.add(`History tells of ${id}, of which there is no finding`);
}

function nameOf({ key, rule, number }: Transition): string {
  return `${key}/${rule}#${String(number)}`;
}
