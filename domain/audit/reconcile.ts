import { withRepair } from '../findings/act.ts';
import { alertOf } from '../findings/alert.ts';
import type { Finding, Transition } from '../findings/finding.ts';
import { isFaulty } from '../findings/lifecycle.ts';
import { placeOf } from '../findings/place.ts';
import { type Observation, type ObservationContext, reduce, restsOnYounger } from '../findings/reduce.ts';
import type { LiveWaivers } from '../findings/waiver.ts';
import type { RemediationJob } from '../remediation/job.ts';
import { planAnewWork } from '../remediation/repair-work.ts';
import { type Observed, perFinding } from './observed.ts';
import { endedJobs, repairFor, type Repairs } from './repair-jobs.ts';
import { type Effect, FindingConflict, type FindingCommit, type FindingStore, type StoredFinding } from './ports.ts';

export interface ReconcileInput {
  /** Subscription id, or `-` for the tenant. */
  readonly partition: string;
  readonly observed: Observed;
  readonly context: Omit<ObservationContext, 'waivers' | 'lapsedJobs' | 'overJobs'>;
  /**
   * Asked for each time the findings have been read, and after them: so it has every waiver that one of them is under, and
   * one that a person gives meanwhile is not taken for one that has ended.
   */
  readonly waivers: () => Promise<LiveWaivers>;
  /** First audit of the partition: findings open without an alert or a job each. */
  readonly baseline: boolean;
  /** What mends findings; null where no job does. */
  readonly repairs: Repairs | null;
  /** What leaves with a finding that is to be mended beside its job and its alert: a baseline sends no more than tasks. */
  readonly alongside?: (finding: Finding) => readonly Effect[];
  /**
   * Keys of accounts that are judged by younger facts meanwhile: what is seen of them here changes nothing any more. Asked
   * before each commit; a younger reading that found all as stored has left no trace in the findings.
   */
  readonly superseded?: () => Promise<ReadonlySet<string>>;
}

export interface Reconciled {
  readonly transitions: readonly Transition[];
  /** Findings that a person has to do with now, of these accounts or of the tenant; a waived one is not. */
  readonly open: number;
}

/**
 * What was read to verify a job says nothing to a finding that waits for it: it is older, by the clocks, than what that one
 * rests on, or was not whole. Try again later.
 */
export class NotVerified extends Error {
  override readonly name = 'NotVerified';
  constructor(jobId: string) {
    super(`What was read does not show what job ${jobId} came to; its verification looks again later`);
  }
}

const attempts = 5;

/**
 * The one way findings change in the store: nightly, event and verification all end here. Reads, reduces and commits
 * under an ETag; when somebody else was first it reads again.
 * @throws FindingConflict after five tries; NotVerified for a verification, once all that it may change is committed.
 */
export async function reconcile(input: ReconcileInput, store: FindingStore): Promise<Reconciled> {
  const transitions: Transition[] = [];
  for (let attempt = 1; ; attempt += 1) {
    const stored = await storedOf(input, store);
    const commits = await withoutSuperseded(await commitsFor(input, stored), input);
    try {
      if (commits.length > 0) await store.commit(input.partition, commits);
      transitions.push(...transitionsOf(commits));
      if (isUnverified(stored, input)) throw new NotVerified(input.context.cause.id);
      return { transitions, open: countOpen(stored, commits) };
    } catch (error) {
      if (!(error instanceof FindingConflict) || attempt === attempts) throw error;
      // What was committed before the conflict is as it was seen: the next reading finds nothing to do for it.
      transitions.push(...transitionsOf(commits.slice(0, error.committed)));
    }
  }
}

function isUnverified(stored: readonly StoredFinding[], { observed, context }: ReconcileInput): boolean {
  const { cause } = context;
  if (cause.kind !== 'verification') return false;
  const waiting = stored
    .map(({ finding }) => finding)
    .filter(({ state, repair }) => state === 'remediating' && repair?.jobId === cause.id);
  const identities = new Set(waiting.map(identityOf));
  const seen = perFinding(observed, waiting).filter(({ key, rule }) => identities.has(`${key}/${rule}`));
  return (
    waiting.some((finding) => restsOnYounger(finding, context)) ||
    seen.some(({ observation }) => isCutShort(observation))
  );
}

/** A list that came without some of its rows may come whole the next time; one that nobody may read will not. */
function isCutShort(observation: Observation): boolean {
  if (observation.kind !== 'verdict' || observation.verdict.outcome !== 'unknown') return false;
  return observation.verdict.gaps.some(({ reason }) => reason === 'truncated');
}

async function withoutSuperseded(
  commits: readonly FindingCommit[],
  { superseded }: ReconcileInput,
): Promise<readonly FindingCommit[]> {
  if (commits.length === 0 || superseded === undefined) return commits;
  const keys = await superseded();
  return commits.filter(({ finding }) => !keys.has(placeOf(finding).key));
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

async function commitsFor(input: ReconcileInput, stored: readonly StoredFinding[]): Promise<FindingCommit[]> {
  const waivers = await input.waivers();
  const context = { ...(await withEndedJobs(input, stored)), waivers };
  const repairs = input.baseline ? null : input.repairs;
  const byIdentity = new Map(stored.map((entry) => [identityOf(entry.finding), entry]));
  const findings = stored.map(({ finding }) => finding);
  const commits: FindingCommit[] = [];
  for (const { key, rule, observation } of perFinding(input.observed, findings)) {
    const before = byIdentity.get(`${key}/${rule}`) ?? null;
    const reduction = reduce(before?.finding ?? null, observation, context);
    const repair = repairs === null ? null : await repairFor(before?.finding ?? null, reduction, repairs, context.now);
    const { next, transition } = withRepair(reduction, repair);
    if (next === null) continue;
    const effects = transition === null ? [] : effectsOf(next, transition, repair?.job ?? null, input);
    commits.push({ finding: next, version: before?.version ?? null, transition, effects });
  }
  return commits;
}

// Worse as well: what opened as unknown may become a fault, and a new app in place of the old one is another object to mend.
// Where the job of a finding alone lapses, the next one leaves with it; where it was planned for several, that is done anew.
const mendable: readonly Transition['kind'][] = ['opened', 'reopened', 'worse', 'waiver-ended', 'lapsed'];

function isToBeMended({ state }: Finding, { kind }: Transition): boolean {
  return state === 'open' && mendable.includes(kind);
}

async function withEndedJobs(
  { context, repairs }: ReconcileInput,
  stored: readonly StoredFinding[],
): Promise<ObservationContext> {
  if (repairs === null) return context;
  const findings = stored.map(({ finding }) => finding);
  return { ...context, ...(await endedJobs(findings, context.factsReadAt, repairs.jobs)) };
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
