import { words } from './invariants/standing.ts';
import type { Seen } from './witness.ts';

/** A step of a finding as one line: what became of what, how bad it is, by what it was noticed, and from facts of when. */
export function stepInWords({ transition, finding }: Seen): string {
  const { findingId, kind, before, after, cause, number } = transition;
  const place = finding.account === null ? '' : ` in ${finding.account.subscriptionId.slice(-4)}`;
  const led = `${before?.state ?? 'nothing'} -> ${after.state}`;
  const by = cause.kind === 'person' ? `by ${String(cause.actor.objectId)}` : `${cause.kind} ${cause.id.slice(0, 24)}`;
  const read = new Date(finding.factsReadAt).toISOString();
  return `${findingId}${place} #${String(number)} ${kind} (${led}): ${words(after)}; ${by}, facts of ${read}`;
}
