import type { Finding, Transition } from '../findings/finding.ts';
import { placeOf } from '../findings/place.ts';
import type { FindingStore } from './ports.ts';

/** The findings that transitions were about, as they are stored now; in the order of the store. */
export async function changedFindings(
  transitions: readonly Transition[],
  store: Pick<FindingStore, 'list'>,
): Promise<readonly Finding[]> {
  const changed = new Set(transitions.map(({ key, rule }) => `${key}/${rule}`));
  const findings: Finding[] = [];
  if (changed.size === 0) return findings;
  for await (const finding of store.list()) {
    if (changed.has(`${placeOf(finding).key}/${finding.rule}`)) findings.push(finding);
  }
  return findings;
}
