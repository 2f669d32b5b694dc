import type { Act } from '../findings/act.ts';
import type { Actor, Finding } from '../findings/finding.ts';
import { changeFinding, type FindingChanged, findingOfId, FindingRefuses } from './change-finding.ts';
import type { FindingStore } from './ports.ts';

export interface AcknowledgePorts {
  readonly findings: FindingStore;
  readonly now: () => number;
}

/** An acknowledgement without a word, or with too many. */
export class NoteInvalid extends Error {
  override readonly name = 'NoteInvalid';
}

const longestNote = 1000;

/**
 * A person says that a fault is known. It holds until the fault gets worse or is gone. Saying so again changes nothing.
 * @throws NoteInvalid, FindingUnknown, FindingRefuses, FindingFromNewerVersion, FindingConflict
 */
export async function acknowledge(
  { findingId, note, by }: { readonly findingId: string; readonly note: string; readonly by: Actor },
  ports: AcknowledgePorts,
): Promise<FindingChanged> {
  const said = note.trim();
  if (said === '') throw new NoteInvalid('An acknowledgement needs a note: what is known, and what happens next');
  if (said.length > longestNote) throw new NoteInvalid(`A note holds ${String(longestNote)} characters at most`);
  const decide = (finding: Finding): Act | null => {
    if (finding.state === 'acknowledged') return null;
    if (finding.state === 'open') return { kind: 'acknowledged', by, note: said };
    throw new FindingRefuses(`${finding.id} is ${finding.state}: only an open finding can be acknowledged`);
  };
  return change(findingId, decide, by, ports);
}

/**
 * Takes an acknowledgement back. A finding that is open already stays as it is.
 * @throws FindingUnknown, FindingRefuses, FindingFromNewerVersion, FindingConflict
 */
export async function unacknowledge(
  { findingId, by }: { readonly findingId: string; readonly by: Actor },
  ports: AcknowledgePorts,
): Promise<FindingChanged> {
  const decide = (finding: Finding): Act | null => {
    if (finding.state === 'open') return null;
    if (finding.state === 'acknowledged') return { kind: 'acknowledgement-withdrawn' };
    throw new FindingRefuses(`${finding.id} is ${finding.state}: it has no acknowledgement to take back`);
  };
  return change(findingId, decide, by, ports);
}

async function change(
  findingId: string,
  decide: (finding: Finding) => Act | null,
  by: Actor,
  { findings, now }: AcknowledgePorts,
): Promise<FindingChanged> {
  const finding = await findingOfId(findingId, findings);
  return changeFinding(finding, decide, { now: now(), cause: { kind: 'person', id: '', actor: by } }, findings);
}
