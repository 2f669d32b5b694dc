import type { Alert } from '../findings/alert.ts';
import type { Finding } from '../findings/finding.ts';
import { worstSeverity } from '../findings/reduce.ts';
import { dayText } from '../findings/waiver-end.ts';
import { holds, isOver, type Waiver } from '../findings/waiver.ts';
import { waiverText } from '../findings/waiver-text.ts';
import type { Settings } from '../model/settings.ts';
import { type ApplyWaiverPorts, liftWaiver } from './apply-waiver.ts';
import type { FindingStore, Outbox, WaiverStore } from './ports.ts';

export type EndWaiversPorts = ApplyWaiverPorts;

/** Opens again what was under a waiver that has expired, or that was taken back by somebody whose process ended before it had opened it. */
export async function endWaivers(ports: EndWaiversPorts): Promise<readonly string[]> {
  const done: string[] = [];
  for (const { waiver } of await ports.waivers.all()) {
    if (!isOver(waiver, ports.now()) || isLongSettled(waiver, ports.now())) continue;
    const cause = { kind: 'sweep', id: waiver.id, actor: { kind: 'system', objectId: null } } as const;
    const { length } = await liftWaiver(waiver, cause, ports);
    if (length === 0) continue;
    const how = waiver.removed === null ? 'expired' : 'was taken back';
    done.push(`Waiver ${waiver.id} ${how}: ${String(length)} findings changed`);
  }
  return done;
}

/**
 * Whoever read a waiver while it held may put a finding under it after its end. No function runs for an hour, but an outage
 * keeps sweeps away for longer.
 */
const lateCommitsMs = 24 * 3_600_000;

/** Whether a waiver was lifted, and nobody can be about to put anything under it any more. */
function isLongSettled({ settledAt }: Waiver, now: number): boolean {
  return settledAt !== null && now - settledAt > lateCommitsMs;
}

export interface WarnOfWaiversPorts {
  readonly findings: FindingStore;
  readonly waivers: WaiverStore;
  readonly outbox: Outbox;
  readonly now: () => number;
}

const dayMs = 24 * 3_600_000;
/** A message holds 256 KB; who wants all of them lists them. */
const named = 50;

/** Tells once that a waiver ends soon: so many days before as settings say, for a shorter one after half its time. */
export async function warnOfWaivers(
  { waivers: { warnDays } }: Pick<Settings, 'waivers'>,
  ports: WarnOfWaiversPorts,
): Promise<readonly string[]> {
  const now = ports.now();
  const due = (await ports.waivers.all()).filter(
    ({ waiver }) => waiver.warnedAt === null && holds(waiver, now) && now >= warningAt(waiver, warnDays * dayMs),
  );
  if (due.length === 0) return [];
  const waived = await Array.fromAsync(ports.findings.list('waived'));
  for (const { waiver, version } of due) {
    const covered = waived.filter((finding) => finding.waiver?.id === waiver.id);
    // Stored before the mark: a crash between the two tells it again under the same id.
    await ports.outbox.add(`waiver~${waiver.id}~warning`, [{ kind: 'alert', alert: warningOf(waiver, covered, now) }]);
    await ports.waivers.replace({ ...waiver, warnedAt: now }, version);
  }
  return due.map(({ waiver }) => `Waiver ${waiver.id} ends on ${lastDay(waiver)}: its end was announced`);
}

function warningAt({ from, until }: Waiver, beforeMs: number): number {
  return Math.max(until - beforeMs, from + (until - from) / 2);
}

function warningOf(waiver: Waiver, covered: readonly Finding[], at: number): Alert {
  const accounts = covered.flatMap(({ account }) => (account === null ? [] : [{ id: account.id, name: account.name }]));
  const distinct = [...new Map(accounts.map((account) => [account.id, account])).values()];
  const findings = `${String(covered.length)} ${covered.length === 1 ? 'finding opens' : 'findings open'} again then`;
  return {
    id: `waiver/${waiver.id}/warning`,
    findingIds: covered.slice(0, named).map(({ id }) => id),
    transition: 'summary',
    rule: waiver.scope.rule,
    // A channel's lowest severity must not silence it: what it covers may be worse, never better known.
    severity: covered.map(({ severity }) => severity).reduce(worstSeverity, 'medium'),
    title: `The waiver of ${waiverText(waiver)} ends with ${lastDay(waiver)}: ${findings} unless it is given anew`,
    accounts: distinct.slice(0, named),
    actor: null,
    actorConfidence: 'unknown',
    at,
    link: 'docs/findings.md',
  };
}

function lastDay({ until }: Waiver): string {
  return dayText(until - 1);
}
