import type { Cause, Transition } from '../../../domain/findings/finding.ts';
import { remediator } from '../../domain/memory-ports.ts';
import type { Simulation } from '../simulation.ts';
import { claimedActor } from '../tenant/event.ts';
import { longestSkew } from '../weather.ts';
import type { Deed, Seen } from '../witness.ts';
import { jobRows } from './job-rows.ts';
import { instant } from './stored.ts';
import { waiverRows } from './waiver-rows.ts';

/** By what deeds of a person a finding may take a step; a waiver that ends may hand over to another. */
const deedsOf: Readonly<Partial<Record<Transition['kind'], readonly Deed['kind'][]>>> = {
  acknowledged: ['acknowledge'],
  unacknowledged: ['unacknowledge'],
  waived: ['waive', 'unwaive'],
  'waiver-ended': ['unwaive'],
};

/** Whoever history names did that, and nobody else is named; what nobody of the team did bears nobody's name. */
export function actors(simulation: Simulation): void {
  const { witness, violations } = simulation;
  const did = (kinds: readonly Deed['kind'][], by: string | null, about: string, until: number): boolean =>
    witness.deeds.some(
      (deed) => kinds.includes(deed.kind) && deed.by === by && deed.about === about && deed.at <= until + longestSkew,
    );
  const remediated = new Set(
    jobRows(simulation).flatMap(({ job, state }) => (state === 'done' || state === 'undone' ? [job.jobId] : [])),
  );
  for (const seen of witness.transitions) {
    const { transition, finding, at } = seen;
    const { kind, cause, findingId } = transition;
    const told = `${kind} ${findingId} at ${instant(at)}`;
    if (cause.kind === 'person') {
      const about = kind === 'acknowledged' || kind === 'unacknowledged' ? findingId : cause.id;
      if (cause.actor.kind !== 'user' || !did(deedsOf[kind] ?? [], cause.actor.objectId, about, at))
        violations.add(`History names ${String(cause.actor.objectId)}, who did not do it: ${told}`);
    } else if (needsPerson(seen)) violations.add(`History names no person: ${told}`);
    else if (!mayName(cause, remediated)) {
      violations.add(`History names ${cause.actor.kind} ${String(cause.actor.objectId)} for a ${cause.kind}: ${told}`);
    }
    const { acknowledgement } = finding;
    if (kind === 'acknowledged' && acknowledgement?.by.objectId !== cause.actor.objectId)
      violations.add(`The acknowledgement is kept as that of ${String(acknowledgement?.by.objectId)}: ${told}`);
  }
  for (const { id, createdBy, removed } of waiverRows(simulation)) {
    if (!did(['waive'], createdBy.objectId, id, Infinity))
      violations.add(`Waiver ${id} is kept as that of ${String(createdBy.objectId)}, who did not give it`);
    if (removed !== null && !did(['unwaive'], removed.by.objectId, id, removed.at))
      violations.add(`Waiver ${id} is kept as taken back by ${String(removed.by.objectId)}, who did not do it`);
  }
}

/** What no audit does. */
function needsPerson({ transition: { kind } }: Seen): boolean {
  return kind === 'acknowledged' || kind === 'unacknowledged';
}

/** Only an event claims somebody; what was mended is the remediator's doing where its job was carried out. */
function mayName({ kind, id, actor: { objectId } }: Cause, remediated: ReadonlySet<string>): boolean {
  if (objectId === null) return true;
  return kind === 'event' ? objectId === claimedActor : objectId === remediator && remediated.has(id);
}
