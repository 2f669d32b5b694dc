import { actorText } from './actor-text.ts';
import type { StoredJob } from '../../domain/audit/ports.ts';
import type { Acknowledgement, Finding, HeldWaiver } from '../../domain/findings/finding.ts';
import { dayText } from '../../domain/findings/waiver-end.ts';
import { waiverText } from '../../domain/findings/waiver-text.ts';
import type { Waiver } from '../../domain/findings/waiver.ts';
import { hanging } from '../pages/wrap.ts';
import { outline } from './outline.ts';
import { pipelineSafe } from './pipeline-safe.ts';
import { timeText } from './time-text.ts';

type Plain =
  | 'id'
  | 'rule'
  | 'state'
  | 'outcome'
  | 'severity'
  | 'title'
  | 'evidence'
  | 'deciders'
  | 'episode'
  | 'flaps'
  | 'firstSeenAt'
  | 'openedAt'
  | 'changedAt'
  | 'factsReadAt';

/** As much of a finding as a terminal shows; documents of the API have it too. */
export interface ShownFinding extends Pick<Finding, Plain> {
  readonly account: { readonly id: string; readonly name: string } | null;
  readonly subject: string | null;
  readonly acknowledgement: Pick<Acknowledgement, 'by' | 'note' | 'at'> | null;
  readonly waiver: Pick<HeldWaiver, 'id' | 'until'> | null;
}

/** What the store holds besides a finding that tells where it stands. */
export interface AroundFinding {
  /** The waiver that it is under or was last; null for none, and for one that is not stored any more. */
  readonly waiver: Waiver | null;
  /** Newest first. */
  readonly jobs: readonly StoredJob[];
  /** How often its fault came back after it was gone. */
  readonly returns: number;
  /** When its fault was last seen, epoch milliseconds; null for a closed one, and where nobody knows. */
  readonly lastSeenAt: number | null;
}

const column = 14;

/** A finding for a terminal: what it is, where it stands, and what it rests on; without its history. */
export function findingText(
  finding: ShownFinding,
  { waiver, jobs, returns, lastSeenAt }: AroundFinding,
  paint: (text: string, severity: string) => string,
): string {
  const { id, severity, outcome, state, title, account, subject, evidence } = finding;
  const lines: (readonly [string, string])[] = [
    ['state', state],
    ...(account === null ? ([['subject', subject ?? '']] as const) : ([['account', account.id]] as const)),
    ['open since', `${timeText(finding.openedAt)}${timesText(finding, returns)}`],
    ['first seen', timeText(finding.firstSeenAt)],
    ...(lastSeenAt === null ? [] : ([['last seen', timeText(lastSeenAt)]] as const)),
    ['last change', timeText(finding.changedAt)],
    ['facts read', timeText(finding.factsReadAt)],
    ...acknowledgementLines(finding),
    ...waiverLines(finding, waiver),
    ...jobs.map((job) => ['repair', jobText(job, finding)] as const),
    ...deciderLines(finding),
  ];
  return [
    `${pipelineSafe(id)}  ${paint(severity, severity)} ${outcome}`,
    ...hanging('', pipelineSafe(title)),
    '',
    ...lines.flatMap(([name, value]) => hanging(name.padEnd(column), pipelineSafe(value))),
    ...(Object.keys(evidence).length === 0 ? [] : ['', 'Evidence', ...outline(evidence, '  ')]),
  ].join('\n');
}

function timesText({ flaps }: ShownFinding, returns: number): string {
  if (returns === 0) return '';
  if (returns === 1) return ' (it came back once)';
  const lately = flaps.length > 1 ? `, ${String(flaps.length)} of them within a week` : '';
  return ` (it came back ${String(returns)} times${lately})`;
}

function acknowledgementLines({ state, acknowledgement }: ShownFinding): readonly (readonly [string, string])[] {
  if (acknowledgement === null || state !== 'acknowledged') return [];
  const { by, at, note } = acknowledgement;
  return [['acknowledged', `"${note}", by ${actorText(by)}, ${timeText(at)}`]];
}

function waiverLines(finding: ShownFinding, waiver: Waiver | null): readonly (readonly [string, string])[] {
  const held = finding.waiver;
  if (held === null) return [];
  const was = finding.state === 'waived' ? '' : ', does not hold for it any more';
  const until = `until the end of ${dayText(held.until - 1)}${was}`;
  const about = waiver === null ? '' : `: ${waiverText(waiver)}, "${waiver.reason}"`;
  return [['waiver', `${held.id} ${until}${about}`]];
}

function jobText({ job, state, report }: StoredJob, { episode, id }: ShownFinding): string {
  const older = job.findings.some((one) => one.id === id && one.episode !== episode) ? ', of an earlier episode' : '';
  const reason = state === 'undone' ? 'a person had it taken back, and decides on the next one' : report?.reason;
  const said = reason === null || reason === undefined ? '' : `: ${reason}`;
  return `${job.plan.action} ${state}${said}, ${timeText(report?.at ?? job.createdAt)}, job ${job.jobId}${older}`;
}

function deciderLines({ deciders }: ShownFinding): readonly (readonly [string, string])[] {
  return deciders.length === 0 ? [] : [['decided by', deciders.join(', ')]];
}
