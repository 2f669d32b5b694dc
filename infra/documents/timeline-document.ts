import { z } from 'zod';
import { type HistoryEntries, type TimelineEntry, timelineOf } from '../../domain/drift/timeline.ts';
import type { Cause } from '../../domain/findings/finding.ts';
import { Instant, namedDocuments, openWord } from './common.ts';
import { isoTime } from './iso-time.ts';

/** An entry of the timeline with why Kerbwatch looked, and what a person said. */
export interface ToldEntry extends TimelineEntry {
  readonly cause: Pick<Cause, 'kind' | 'id'> | null;
  readonly note: string | null;
}

/** The timeline, oldest first, with the cause and the note of each entry. */
export function toldTimeline(entries: HistoryEntries): readonly ToldEntry[] {
  return timelineOf(entries).map((entry) => {
    const { cause, note } = sourceOf(entry, entries) ?? { cause: null, note: undefined };
    return { ...entry, cause: cause === null ? null : { kind: cause.kind, id: cause.id }, note: note ?? null };
  });
}

const causeKinds = [
  'nightly',
  'event',
  'verification',
  'person',
  'sweep',
  'watch',
] as const satisfies readonly Cause['kind'][];

/** An entry as JSON. */
export const EntryDocument = z
  .object({
    at: Instant,
    doneAt: Instant,
    what: z.string(),
    before: z.string().nullable(),
    after: z.string().nullable(),
    who: z.string(),
    confidence: openWord(['proved', 'likely', 'unknown']),
    correlationId: z.string().nullable(),
    finding: z.string().nullable(),
    cause: z.object({ kind: openWord(causeKinds), id: z.string() }).nullable(),
    note: z.string().nullable(),
  })
  .register(namedDocuments, { id: 'HistoryEntry' });
export type EntryDocument = z.infer<typeof EntryDocument>;

export function entryDocument({ at, doneAt, ...entry }: ToldEntry): EntryDocument {
  return { at: isoTime(at), doneAt: isoTime(doneAt), ...entry };
}

function sourceOf(
  { at, finding, what }: TimelineEntry,
  { transitions, changes }: HistoryEntries,
): { readonly cause: Cause; readonly note?: string | undefined } | undefined {
  if (finding === null) {
    return changes.find((change) => change.at === at && change.properties.some(({ property }) => property === what));
  }
  return transitions.find((one) => one.at === at && one.findingId === finding && what === `${one.rule} ${one.kind}`);
}
