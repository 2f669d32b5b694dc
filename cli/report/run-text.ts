import type { Run, Tally } from '../../domain/audit/run.ts';
import type { WholeRun } from '../../domain/audit/whole-run.ts';
import { type Coverage, isLost } from '../../domain/model/coverage.ts';
import { actorText } from './actor-text.ts';
import { latencySection } from './latency-text.ts';
import { pipelineSafe } from './pipeline-safe.ts';
import { table } from './table.ts';
import { durationText, timeText } from './time-text.ts';

/** A run for a terminal. */
export function runText({ run, coverage, shardsDone, latency }: WholeRun): string {
  const sections = [
    [...headLines(run, shardsDone), ...(run.tally === null ? [] : tallyLines(run.tally))].join('\n'),
    gapSection(run),
    helpSection(run, coverage),
    coverageSection(coverage),
    digestSection(run),
    latencySection(latency),
  ];
  return `${sections.filter((section) => section !== null).join('\n\n')}\n`;
}

function headLines({ id, startedAt, finishedAt, accounts, requests, shards }: Run, shardsDone: number): string[] {
  const took =
    finishedAt === null
      ? `not finished: ${String(shardsDone)} of ${String(shards)} shards are done`
      : `took ${durationText(finishedAt - startedAt)}`;
  return [
    `Run ${id}, started ${timeText(startedAt)}, ${took}.`,
    `${String(accounts.inScope)} of ${String(accounts.seen)} accounts can hold SMB shares. Requests: ` +
      `${String(requests.resourceGraph)} Resource Graph, ${String(requests.graph)} Microsoft Graph, ` +
      `${String(requests.arm)} ARM, ${String(requests.throttled)} throttled.`,
  ];
}

function tallyLines({ verdicts, opened, reopened, resolved, baselined, worst, ...tally }: Tally): string[] {
  const { missedByEvents, vanished } = tally;
  const late = missedByEvents.atMostMs === null ? '' : `, at most ${durationText(missedByEvents.atMostMs)} late`;
  return [
    `Verdicts: ${String(verdicts.fail)} fail, ${String(verdicts.warn)} warn, ${String(verdicts.unknown)} unknown, ` +
      `${String(verdicts.pass)} pass, ${String(verdicts['not-applicable'])} not applicable; worst ${worst ?? 'none'}.`,
    `Findings: ${String(opened)} opened, ${String(reopened)} reopened, ${String(resolved)} resolved, ` +
      `${String(baselined)} taken as the baseline.`,
    `Missed by events: ${String(missedByEvents.count)} changes${late}.`,
    ...(vanished.asked + vanished.waiting + vanished.moved === 0
      ? []
      : [
          `Not in the list any more: ${String(vanished.asked)} accounts asked for one by one, ` +
            `${String(vanished.waiting)} left to the next run, ${String(vanished.moved)} moved.`,
        ]),
    ...(vanished.outOfScope.count === 0
      ? []
      : [`Findings of accounts that settings leave out: ${String(vanished.outOfScope.count)}.`]),
  ];
}

function gapSection({ gaps }: Run): string {
  if (gaps.length === 0) return 'All that the rules need was read.';
  const rows = gaps.map(({ collection, scope, reason, needs }) => [collection, scope, reason, needs ?? '-']);
  return `Could not be read, so not judged:\n${table(['collection', 'scope', 'reason', 'needs'], rows)}`;
}

/** What is in the ledger and no gap of the run: no rule needs it, and those that it would help say so themselves. */
function helpSection({ gaps }: Run, coverage: readonly Coverage[]): string | null {
  const needed = new Set(gaps.map(({ collection }) => collection));
  const rows = coverage
    .filter(({ collection }) => !needed.has(collection))
    .flatMap((entry) => entry.gaps.map(({ reason, needs }) => [entry.collection, entry.place, reason, needs ?? '-']));
  if (rows.length === 0) return null;
  const what = 'Could not be read, and no rule needs it; rules that it would help were judged without it, less surely:';
  return `${what}\n${table(['collection', 'place', 'reason', 'needs'], rows)}`;
}

function coverageSection(coverage: readonly Coverage[]): string {
  if (coverage.length === 0) return 'No coverage ledger was kept.';
  const names = [...new Set(coverage.map(({ collection }) => collection))];
  const rows = names.map((name) => {
    const entries = coverage.filter(({ collection }) => collection === name);
    const pages = entries.flatMap((entry) => entry.pages ?? []);
    return [
      name,
      String(entries.reduce((total, entry) => total + entry.rows, 0)),
      pages.length === 0 ? '-' : String(pages.reduce((total, count) => total + count, 0)),
      `${String(entries.filter(({ gaps }) => gaps.length === 0).length)} of ${String(entries.length)}`,
      notWholeText(entries),
    ];
  });
  const lines = table(['collection', 'rows', 'pages', 'places whole', 'not whole'], rows).split('\n');
  return `Coverage:\n${lines.map((line) => line.trimEnd()).join('\n')}`;
}

/** What came too late for the alerts. */
function digestSection({ digest }: Run): string | null {
  if (digest === undefined || digest.count === 0) return null;
  const rows = digest.changes.map(({ key, properties, actors, confidence }) => [
    pipelineSafe(key.split('/').at(-1) ?? key),
    pipelineSafe(properties.join(', ')),
    actors.map(actorText).join(' or '),
    confidence,
  ]);
  const left = digest.count - digest.changes.length;
  const what = 'Found out since the run before, who made these changes (nobody is alerted again):';
  const more = left > 0 ? [`and ${String(left)} more`] : [];
  return [what, table(['account', 'what changed', 'who', 'confidence'], rows), ...more].join('\n');
}

/** As many places as a line names. */
const mostPlaces = 3;

/** What is not whole, with what was read before first. */
function notWholeText(entries: readonly Coverage[]): string {
  const broken = entries.filter(({ gaps }) => gaps.length > 0).sort((a, b) => Number(isLost(b)) - Number(isLost(a)));
  if (broken.length === 0) return '';
  const named = broken.slice(0, mostPlaces).map((entry) => {
    const before = entry.readAt === null ? 'never read whole' : `read whole last ${timeText(entry.readAt)}`;
    return pipelineSafe(`${entry.place} (${before})`);
  });
  return [...named, ...(broken.length > mostPlaces ? [`and ${String(broken.length - mostPlaces)} more`] : [])].join(
    ', ',
  );
}
