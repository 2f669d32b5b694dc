import { asMayBeKept } from '../drift/attribution.ts';
import { concludeFrom, resourceIdOf } from '../drift/conclude.ts';
import type { FactChange } from '../drift/fact-change.ts';
import { directoryTargets } from '../drift/fact-targets.ts';
import { explains } from '../drift/facts-of-rules.ts';
import type { Settings } from '../model/settings.ts';
import type { Digest } from '../remediation/job.ts';
import { attributionWork, isLastAttempt } from './attribution-work.ts';
import type { ChangeHistory, ChangeLog, RecordsReading, StoredAttribution } from './drift-ports.ts';
import type { History, Messages } from './ports.ts';
import type { AuditWork } from './work.ts';

export interface AttributeChangePorts {
  readonly changes: ChangeHistory;
  readonly changeLog: ChangeLog;
  readonly history: History;
  readonly messages: Messages;
  readonly now: () => number;
  readonly digest: Digest;
}

/**
 * What came of one try. *proved*: one did it. *ambiguous*: several may have. *again*: asked again later. *given-up*: no
 * record came in hours, and what was known at first stays. *gone*: history does not hold the change any more.
 */
export type Attributed = 'proved' | 'ambiguous' | 'unnamed' | 'again' | 'given-up' | 'gone';

/** A clock that differs, and lists that lag: asked for a little more than is looked at. */
const askedBefore = 15 * 60_000;

/**
 * Looks who made a change, in the records of Azure or of Entra. Alerts have long gone: what is found is written beside the
 * change and beside the transitions of findings that it explains, and tells nobody again.
 */
export async function attributeChange(
  { accountId, changeId, attempt }: Extract<AuditWork, { kind: 'attribute' }>,
  settings: Settings,
  ports: AttributeChangePorts,
): Promise<Attributed> {
  const key = accountId.toLowerCase();
  const change = await ports.changes.find(key, changeId);
  if (change === null) return 'gone';
  const reading = await recordsOf(change, ports.changeLog);
  const last = isLastAttempt(attempt);
  const attribution = reading.state === 'read' ? concludeFrom(change, reading.records, { last }) : null;
  if (attribution === null) {
    if (last) return 'given-up';
    await ports.messages.auditWork([attributionWork(change, attempt + 1, ports.now(), ports.digest)]);
    return 'again';
  }
  await ports.changes.attribute({
    changeId,
    key,
    attribution: asMayBeKept(attribution, settings.privacy.userPrincipalName),
    transitions: await explainedBy(change, ports.history),
    attributedAt: ports.now(),
  });
  if (attribution.confidence === 'proved') return 'proved';
  return attribution.candidates.length > 0 ? 'ambiguous' : 'unnamed';
}

function recordsOf(change: FactChange, log: ChangeLog): Promise<RecordsReading> {
  const since = change.since - askedBefore;
  const resourceId = resourceIdOf(change);
  if (resourceId !== null) return log.ofResource(resourceId, since);
  return log.ofDirectory(directoryTargets(change), since);
}

/** Transitions that the same audit found, of rules that look at what changed. */
async function explainedBy(change: FactChange, history: History): Promise<StoredAttribution['transitions']> {
  const { kind, id } = change.cause;
  return (await history.of(change.key))
    .filter(({ cause, rule }) => cause.kind === kind && cause.id === id && explains(change, rule))
    .map(({ rule, number }) => ({ rule, number }));
}
