import { withRepair } from '../findings/act.ts';
import { alertOf } from '../findings/alert.ts';
import type { Finding, Transition } from '../findings/finding.ts';
import { isFaulty } from '../findings/lifecycle.ts';
import { placeOf } from '../findings/place.ts';
import { type ObservationContext, reduce } from '../findings/reduce.ts';
import type { Reduction } from '../findings/take-step.ts';
import type { RemediationJob } from '../remediation/job.ts';
import { planAnewWork } from '../remediation/repair-work.ts';
import { type Observed, perFinding } from './observed.ts';
import { type Effect, FindingConflict, type FindingCommit, type FindingStore, type StoredFinding } from './ports.ts';

export interface ReconcileInput {
  /** Subscription id, or `-` for the tenant. */
  readonly partition: string;
  readonly observed: Observed;
  readonly context: ObservationContext;
  /** First audit of the partition: findings open without an alert or a job each. */
  readonly baseline: boolean;
  /** The job that a finding calls for, null for none. @param attempt 1 for the first. */
  readonly jobFor: (finding: Finding, attempt: number) => RemediationJob | null;
  /** What leaves with a finding that is to be mended beside its job and its alert: a baseline sends no more than tasks. */
  readonly alongside?: (finding: Finding) => readonly Effect[];
}

export interface Reconciled {
  readonly transitions: readonly Transition[];
  /** Findings that a person has to do with now, of these accounts or of the tenant; a waived one is not. */
  readonly open: number;
}

const attempts = 5;

/**
 * The one way findings change in the store: nightly, event and verification all end here. Reads, reduces and commits
 * under an ETag; when somebody else was first it reads again.
 * @throws FindingConflict after five tries.
 */
export async function reconcile(input: ReconcileInput, store: FindingStore): Promise<Reconciled> {
  const transitions: Transition[] = [];
  for (let attempt = 1; ; attempt += 1) {
    const stored = await storedOf(input, store);
    const commits = commitsFor(input, stored);
    try {
      if (commits.length > 0) await store.commit(input.partition, commits);
      transitions.push(...transitionsOf(commits));
      return { transitions, open: countOpen(stored, commits) };
    } catch (error) {
      if (!(error instanceof FindingConflict) || attempt === attempts) throw error;
      // What was committed before the conflict is as it was seen: the next reading finds nothing to do for it.
      transitions.push(...transitionsOf(commits.slice(0, error.committed)));
    }
  }
}

function transitionsOf(commits: readonly FindingCommit[]): readonly Transition[] {
  return commits.flatMap(({ transition }) => (transition === null ? [] : [transition]));
}

/** What is stored of all that the observations may concern. */
function storedOf({ partition, observed }: ReconcileInput, store: FindingStore): Promise<readonly StoredFinding[]> {
  return observed.kind === 'tenant'
    ? store.readAll(partition)
    : store.read(
        partition,
        observed.accounts.map(({ accountKey }) => accountKey),
      );
}

function commitsFor(input: ReconcileInput, stored: readonly StoredFinding[]): FindingCommit[] {
  const byIdentity = new Map(stored.map((entry) => [identityOf(entry.finding), entry]));
  const findings = stored.map(({ finding }) => finding);
  const commits: FindingCommit[] = [];
  for (const { key, rule, observation } of perFinding(input.observed, findings)) {
    const before = byIdentity.get(`${key}/${rule}`) ?? null;
    const reduction = reduce(before?.finding ?? null, observation, input.context);
    const job = jobOf(before?.finding ?? null, reduction, input);
    const { next, transition } = withRepair(reduction, job);
    if (next === null) continue;
    const effects = transition === null ? [] : effectsOf(next, transition, job, input);
    commits.push({ finding: next, version: before?.version ?? null, transition, effects });
  }
  return commits;
}

// Worse as well: what opened as unknown may become a fault, and a new app in place of the old one is another object to mend.
const mendable: readonly Transition['kind'][] = ['opened', 'reopened', 'worse', 'waiver-ended'];

function isToBeMended({ state }: Finding, { kind }: Transition): boolean {
  return state === 'open' && mendable.includes(kind);
}

/** Attempts of one episode: what three jobs in three days were not taken for waits for a person. */
const mostAttempts = 3;

function jobOf(before: Finding | null, { next, transition }: Reduction, input: ReconcileInput): RemediationJob | null {
  if (input.baseline || next?.state !== 'open' || transition === null) return null;
  if (isToBeMended(next, transition)) return input.jobFor(next, 1);
  const lapsed = transition.kind === 'unrepaired' ? lapsedAttempt(before, input.context) : null;
  return lapsed === null || lapsed >= mostAttempts ? null : input.jobFor(next, lapsed + 1);
}

/** The attempt that nobody carried out in its time; null where one was, and did not help. */
function lapsedAttempt(before: Finding | null, { factsReadAt }: ObservationContext): number | null {
  const repair = before?.repair ?? null;
  return repair !== null && factsReadAt > repair.expiresAt ? repair.attempt : null;
}

function effectsOf(
  finding: Finding,
  transition: Transition,
  job: RemediationJob | null,
  input: ReconcileInput,
): Effect[] {
  const along = isToBeMended(finding, transition) ? (input.alongside?.(finding) ?? []) : [];
  if (input.baseline) return along.filter(({ kind }) => kind === 'task');
  const alert = alertOf(finding, transition);
  // A repair that is under way is looked after by the finding's own state; what nobody approves in time is planned anew.
  const anew = job?.approvalRequired === true ? planAnewWork(job, job.expiresAt) : null;
  return [
    ...(job === null ? [] : [{ kind: 'job', job } as const]),
    ...(anew === null ? [] : [{ kind: 'work', ...anew } as const]),
    ...along,
    ...(alert === null ? [] : [{ kind: 'alert', alert } as const]),
  ];
}

function countOpen(stored: readonly StoredFinding[], commits: readonly FindingCommit[]): number {
  const now = new Map(stored.map(({ finding }) => [identityOf(finding), finding.state]));
  for (const { finding } of commits) now.set(identityOf(finding), finding.state);
  return [...now.values()].filter((state) => isFaulty(state) && state !== 'waived').length;
}

function identityOf(finding: Finding): string {
  return `${placeOf(finding).key}/${finding.rule}`;
}
