import type { JobDocument } from '../../infra/documents/job-document.ts';
import type { TaskDocument } from '../../infra/documents/task-document.ts';
import { hanging } from '../pages/wrap.ts';
import { pipelineSafe } from './pipeline-safe.ts';

const column = 14;

/** A job for whoever decides on it: what it writes and where, what that does and to whom, and how it is taken back. */
export function jobText(job: JobDocument): string {
  const { approval, effect } = job;
  return [
    pipelineSafe(`${job.action}  ${job.risk}  ${job.state}${job.dryRun ? '  dry run: nothing is written' : ''}`),
    '',
    ...named([
      ['job', job.undoOf === null ? job.id : `${job.id}, which takes back ${job.undoOf}`],
      ['attempt', String(job.attempt)],
      ['writes to', `${job.target.type} ${job.target.name} (${job.target.id})`],
      ['mends', job.findings.map(({ id }) => id).join(', ')],
      ['helps', helpText(job)],
      ['planned', `${job.createdAt ?? '-'}, good until ${job.expiresAt ?? '-'}`],
      ['asked for by', job.requestedBy],
      ['approval', approvalText(job)],
      ['note', approval.note],
      ['called off', calledOffText(approval.calledOff ?? null)],
      [
        'ended',
        job.report === null
          ? null
          : `${job.report.at ?? '-'}${job.report.reason === null ? '' : `: ${job.report.reason}`}`,
      ],
      ['replaced', overwrittenText(job.report?.overwritten ?? null)],
    ]),
    ...section('What it does', [effect.writes, effect.reaches]),
    ...section('What can go wrong', [effect.goesWrong]),
    ...policyLines(effect.policy),
    ...appLines(job),
    ...job.plan.flatMap((call, index) => callLines(call, job.plan.length === 1 ? '' : ` ${String(index + 1)}`)),
    ...section('How it is taken back', [effect.undo, ...job.plan.map(({ undo }) => `${undo.method} ${undo.url}`)]),
    ...(job.held.length === 0 ? [] : section('Why it does not run now', job.held)),
    ...job.tasks.flatMap((task) => taskLines(task, job.createdAt)),
    ...(job.state === 'awaiting-approval' ? ['', ...decisionLines(job)] : []),
    ...(job.state === 'queued' ? ['', ...callOffLines(job)] : []),
  ].join('\n');
}

/** Kerberos is an account's, so that all its shares are mounted, or none. */
function helpText({ accounts }: JobDocument): string {
  if (accounts.length === 0) return 'no account: it is about the tenant';
  return `all file shares of ${accounts.map(({ name }) => name).join(', ')}`;
}

/** Whether the write replaced what somebody else had just written; null where it replaced nothing. */
function overwrittenText(overwritten: NonNullable<JobDocument['report']>['overwritten'] | null): string | null {
  if (overwritten === null || overwritten === undefined) return null;
  const { state, at, why } = overwritten;
  switch (state) {
    case 'pending':
      return `whether it replaced somebody else's change is looked up in the audit records, ${at ?? '-'}`;
    case 'none':
      return 'no change of anybody else, by the audit records';
    case 'found':
      return 'a change that somebody else had just made: both values are in finding remediation-collision';
    default:
      return `it is not known whether it replaced somebody else's change${why === null ? '' : `: ${why}`}`;
  }
}

function calledOffText(calledOff: NonNullable<JobDocument['approval']['calledOff']> | null): string | null {
  if (calledOff === null) return null;
  const { by, at, note } = calledOff;
  return `by ${by}, ${at ?? '-'}${note === null ? '' : `: ${note}`}`;
}

function approvalText({ approval: { state, by, at, expiresAt } }: JobDocument): string {
  switch (state) {
    case 'not-needed':
      return 'not needed';
    case 'waiting':
      return 'waits for a person other than the one who asked for it';
    case 'approved':
      return `approved by ${by ?? 'nobody'}, ${at ?? '-'}; holds until ${expiresAt ?? '-'}`;
    case 'expired':
      return `approved by ${by ?? 'nobody'}, ${at ?? '-'}; that has expired: requeue the job`;
    case 'called-off':
      return by === null ? 'not needed, and called off' : `approved by ${by}, ${at ?? '-'}, and called off since`;
    case 'rejected':
      return `rejected by ${by ?? 'nobody'}, ${at ?? '-'}`;
    default:
      return state;
  }
}

/** Nothing for a job without an app, and for one that is over. */
function appLines({ apps, approval, target }: JobDocument): readonly string[] {
  if (target.type === 'storageAccount') return [];
  if (apps === null || apps === undefined) {
    return approval.state === 'waiting'
      ? section('Who made its apps', ['Not looked up: ask the audit log of Entra'])
      : [];
  }
  const lines = apps.map(({ appId, displayName, says }) => `${displayName} (${appId}): ${says}`);
  return lines.length === 0 ? [] : section('Who made its apps', lines);
}

function policyLines(policy: JobDocument['effect']['policy']): readonly string[] {
  if (policy === null) return [];
  if (!policy.known) return section('What the policy does', [`Not known: ${policy.why}`]);
  return [
    ...section(`What the policy does, as read at ${policy.readAt ?? '-'}`, []),
    ...named([
      ['state', policy.state],
      ['users', policy.users],
      ['resources', policy.resources],
      ['demands', policy.demands],
      ['only where', policy.conditions.length === 0 ? null : policy.conditions.join('; ')],
    ]),
    ...(policy.gives.length === 0 ? [] : section('What it does not protect any more', policy.gives)),
    ...section('What it still protects', policy.keeps),
  ];
}

function callLines(call: JobDocument['plan'][number], number: string): readonly string[] {
  return [
    '',
    pipelineSafe(`Call${number}: ${call.method} ${call.url}`),
    ...named([['permission', call.permission]]),
    ...call.changes.flatMap((change) =>
      change.kind === 'list'
        ? [
            pipelineSafe(`  ${change.member}`),
            ...change.kept.map((entry) => pipelineSafe(`      ${entry}`)),
            ...change.removed.map((entry) => pipelineSafe(`    - ${entry}`)),
            ...change.added.map((entry) => pipelineSafe(`    + ${entry}`)),
          ]
        : [
            pipelineSafe(`  ${change.member}`),
            pipelineSafe(`    - ${valueText(change.before)}`),
            pipelineSafe(`    + ${valueText(change.after)}`),
          ],
    ),
    ...(call.changes.length === 0 ? ['  The plan does not tell what is there before and after.'] : []),
    ...hanging(
      '  ',
      `Guarded by ${call.guards.map(pipelineSafe).join(', ')}: read right before, and as planned, or nothing is written.`,
    ),
  ];
}

function valueText(value: unknown): string {
  return value === null || value === undefined ? '(not there)' : JSON.stringify(value);
}

/**
 * A task of a person, as a text of its own. A task is never changed: one from before a job was planned for the same finding
 * tells of how it was then.
 */
export function taskLines(task: TaskDocument, planned: string | null = null): readonly string[] {
  const isOlder = planned !== null && task.createdAt !== null && task.createdAt < planned;
  const age = isOlder ? `Written at ${task.createdAt}, before this job was planned: it tells of then.` : null;
  return [
    ...section(`For a person: ${task.title}`, [age, task.why, `Rights: ${task.rights}`, `Meanwhile: ${task.breaks}`]),
    ...task.steps.flatMap(({ does, commands, check, back }, index) => [
      ...hanging(`  ${String(index + 1)}. `, pipelineSafe(does)),
      ...commands.map(({ shell, line }) => pipelineSafe(`     ${shell}> ${line}`)),
      ...hanging('     check  ', pipelineSafe(check)),
      // Often with a command to paste, which has to stay on one line.
      pipelineSafe(`     back   ${back}`),
    ]),
  ];
}

function decisionLines({ id, planDigest }: JobDocument): readonly string[] {
  const plan = planDigest.slice(0, 12);
  return [
    'To decide on this plan and no other:',
    `  kerbwatch jobs approve ${id} --plan ${plan}`,
    `  kerbwatch jobs reject ${id} --plan ${plan} --note WHY`,
  ];
}

function callOffLines({ id, planDigest }: JobDocument): readonly string[] {
  return [
    'To call it off before it is written:',
    `  kerbwatch jobs reject ${id} --plan ${planDigest.slice(0, 12)} --note WHY`,
  ];
}

function section(title: string, sentences: readonly (string | null)[]): string[] {
  const said = sentences.filter((each) => each !== null);
  return ['', pipelineSafe(title), ...said.flatMap((each) => hanging('  ', pipelineSafe(each)))];
}

function named(lines: readonly (readonly [string, string | null])[]): string[] {
  return lines.flatMap(([name, value]) =>
    value === null ? [] : hanging(`  ${name.padEnd(column)}`, pipelineSafe(value)),
  );
}
