import { lastSeen } from '../../domain/audit/last-seen.ts';
import type { StoredJob } from '../../domain/audit/ports.ts';
import type { FindingFilter } from '../../domain/findings/filter.ts';
import type { Finding } from '../../domain/findings/finding.ts';
import { placeOf } from '../../domain/findings/place.ts';
import { returnsIn } from '../../domain/findings/returns.ts';
import { rules } from '../../domain/rules/index.ts';
import { nearest } from '../../infra/nearest.ts';
import type { Store } from '../../infra/store.ts';
import { exitCode, UsageError } from '../exit-code.ts';
import { findFinding } from '../find-finding.ts';
import type { Io } from '../io.ts';
import { withStore } from '../open-store.ts';
import { readHistory } from '../../domain/audit/read-history.ts';
import { findingDocument } from '../../infra/documents/finding-document.ts';
import { type AroundFinding, findingText } from '../report/finding-text.ts';
import { findingsTable } from '../report/findings-table.ts';
import { jsonOf } from '../report/json-of.ts';
import { painterFor } from '../report/paint.ts';
import { jobDocument } from '../report/job-document.ts';
import { entryDocument, toldTimeline } from '../../infra/documents/timeline-document.ts';
import { timelineText } from '../report/timeline-text.ts';
import { waiverDocument } from '../../infra/documents/waiver-document.ts';
import { subscriptionId } from '../subscription-id.ts';
import { type SelectedFindings, selectFindings } from '../select-findings.ts';

export interface FindingsListOptions extends FindingFilter {
  readonly format: 'table' | 'json';
}

export interface FindingsShowOptions {
  readonly format: 'table' | 'json';
}

/** Lists stored findings, worst first. @returns the exit code */
export async function listFindings({ format, ...typed }: FindingsListOptions, io: Io): Promise<number> {
  const { subscription } = typed;
  const filter = { ...typed, subscription: subscription === undefined ? undefined : subscriptionId(subscription) };
  return withStore(io, async (store) => {
    const selected = await selectFindings(store.findings.list(), filter);
    if (selected.shown.length === 0) {
      checkRule(filter.rule);
      await hintAtSubscription(filter.subscription, store, io);
    }
    const total = totalOf(selected);
    if (format === 'json')
      io.stdout.write(jsonOf(await listDocument(selected, total, lastSeen({ ...store, now: io.now }))));
    else io.stdout.write(await listText(selected, total, store, io));
    return exitCode.clean;
  });
}

/** Shows all that the store holds of one finding. @returns the exit code */
export async function showFinding(typed: string, { format }: FindingsShowOptions, io: Io): Promise<number> {
  return withStore(io, async (store) => {
    const finding = await findFinding(typed, store.findings);
    const { entries } = await readHistory(placeOf(finding), store);
    const around = await aroundFinding(finding, store, io);
    const ofRule = entries.transitions.filter(({ rule }) => rule === finding.rule);
    const told = toldTimeline({ ...entries, transitions: ofRule }).filter((entry) => entry.finding !== null);
    if (format === 'json') {
      const document = {
        schema: 'kerbwatch.finding/v1',
        ...findingDocument(finding, around.lastSeenAt),
        ...(around.waiver === null ? {} : { waiver: waiverDocument(around.waiver) }),
        jobs: around.jobs.map(jobDocument),
        history: told.map(entryDocument),
      };
      io.stdout.write(jsonOf(document));
      return exitCode.clean;
    }
    const history = told.length === 0 ? 'Its history is not kept any more.' : `History\n${timelineText(told)}`;
    const text = findingText(finding, around, painterFor(io.stdout, io.env));
    io.stdout.write(`${text}\n\n${history}\n\nWhat it means and how to mend it: kerbwatch explain ${finding.rule}\n`);
    return exitCode.clean;
  });
}

/** What the store holds around a finding. */
export async function aroundFinding(finding: Finding, store: Store, { now }: Pick<Io, 'now'>): Promise<AroundFinding> {
  const { id, waiver } = finding;
  const jobs: StoredJob[] = [];
  for await (const stored of store.jobs.list()) {
    if (stored.job.findings.some((one) => one.id.toLowerCase() === id.toLowerCase())) jobs.push(stored);
  }
  return {
    waiver: waiver === null ? null : ((await store.waivers.find(waiver.id))?.waiver ?? null),
    jobs: jobs.sort((a, b) => b.job.createdAt - a.job.createdAt),
    returns: returnsIn(await store.history.of(placeOf(finding).key), finding),
    lastSeenAt: await lastSeen({ ...store, now })(finding),
  };
}

function totalOf({ shown, inOtherStates, filteredOut }: SelectedFindings): number {
  return shown.length + sum(inOtherStates) + filteredOut;
}

async function listDocument(
  { shown, inOtherStates, filteredOut }: SelectedFindings,
  total: number,
  seenAt: ReturnType<typeof lastSeen>,
): Promise<object> {
  return {
    schema: 'kerbwatch.findings/v1',
    total,
    leftOut: { byState: Object.fromEntries(inOtherStates), byOtherFilters: filteredOut },
    findings: await Promise.all(shown.map(async (finding) => findingDocument(finding, await seenAt(finding)))),
  };
}

async function listText(
  { shown, inOtherStates, filteredOut }: SelectedFindings,
  total: number,
  { runs, host }: Store,
  io: Io,
): Promise<string> {
  if (total === 0) {
    const audited = (await runs.latest(1)).length > 0;
    return audited ? 'No findings.\n' : `No audit has stored anything at ${host} yet.\n`;
  }
  const states = [...inOtherStates].map(([state, count]) => `${String(count)} ${state}`).join(', ');
  const left = [
    ...(states === '' ? [] : [`${states} (--state all shows them)`]),
    ...(filteredOut === 0 ? [] : [`${String(filteredOut)} by the other filters`]),
  ];
  const leftOut = left.length === 0 ? '' : ` Left out: ${left.join('; ')}.`;
  const count = `${String(shown.length)} of ${String(total)} findings.${leftOut}\n`;
  return shown.length === 0 ? count : `${findingsTable(shown, painterFor(io.stdout, io.env))}\n\n${count}`;
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}

/** A subscription that was never audited has no findings, which must not look like health either. */
async function hintAtSubscription(id: string | undefined, { runs }: Store, io: Io): Promise<void> {
  if (id === undefined || (await runs.baselined()).has(id)) return;
  io.stderr.write(`No audit has seen a storage account of subscription ${id}.\n`);
}

/** A rule that nobody knows has no findings, which must not look like health. */
function checkRule(rule: string | undefined): void {
  const ids = rules.map(({ id }) => id);
  if (rule === undefined || ids.includes(rule.toLowerCase())) return;
  const meant = nearest(rule, ids);
  throw new UsageError(
    `--rule ${rule}: there is no such rule and no finding of it.${meant === null ? '' : ` Did you mean ${meant}?`}`,
  );
}
