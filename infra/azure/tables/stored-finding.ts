import type { Finding } from '../../../domain/findings/finding.ts';
import type { Row } from './entity.ts';
import { unpackJson } from './json-properties.ts';

/** What a finding was stored without by versions before these were known. */
type Later = 'openedAt' | 'flaps' | 'acknowledgement' | 'waiver' | 'waiversBrokenAt' | 'repairAttempts' | 'repair';

/**
 * The finding of a row, one that an older version wrote with what it did not know of filled in. What a newer version added
 * is kept, and its state too: who changes findings looks whether it knows the state.
 */
export function findingOf(row: Row): Finding {
  const stored = unpackJson('body', row.properties) as Omit<Finding, Later> & Partial<Pick<Finding, Later>>;
  const repair = stored.repair ?? null;
  return {
    ...stored,
    openedAt: stored.openedAt ?? openedAt(stored),
    flaps: stored.flaps ?? [],
    acknowledgement: stored.acknowledgement ?? null,
    waiver: stored.waiver ?? null,
    waiversBrokenAt: stored.waiversBrokenAt ?? null,
    repairAttempts: stored.repairAttempts ?? (repair === null ? 0 : { ...firstAttempt, ...repair }.attempt),
    repair: repair === null ? null : { ...firstAttempt, ...repair },
  } as Finding;
}

/** Versions before attempts were counted made one. */
const firstAttempt = { attempt: 1 };

/** As near as can be told: a first episode began when it was first seen, a later one not after the last change. */
function openedAt({ episode, firstSeenAt, changedAt }: Pick<Finding, 'episode' | 'firstSeenAt' | 'changedAt'>): number {
  return episode === 1 ? firstSeenAt : changedAt;
}
