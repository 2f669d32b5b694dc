import { withRepair } from '../findings/act.ts';
import { alertOf } from '../findings/alert.ts';
import type { Finding, Transition } from '../findings/finding.ts';
import { isFaulty } from '../findings/lifecycle.ts';
import { placeOf } from '../findings/place.ts';
import { type ObservationContext, reduce } from '../findings/reduce.ts';
import type { Reduction } from '../findings/take-step.ts';
import type { RemediationJob } from '../remediation/job.ts';
import { type Observed, perFinding } from './observed.ts';
import { type Effect, FindingConflict, type FindingCommit, type FindingStore, type StoredFinding } from './ports.ts';

export interface ReconcileInput {
  /** Subscription id, or `-` for the tenant. */
  readonly partition: string;
  readonly observed: Observed;
  readonly context: ObservationContext;
  /** First audit of the partition: findings open without an alert or a job each. */
  readonly baseline: boolean;
  /** The job that a finding calls for, null for none. */
  readonly jobFor: (finding: Finding) => RemediationJob | null;
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
      transitions.push(...commits.flatMap(({ transition }) => (transition === null ? [] : [transition])));
      return { transitions, open: countOpen(stored, commits) };
    } catch (error) {
      if (!(error instanceof FindingConflict) || attempt === attempts) throw error;
    }
  }
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
    const job = jobOf(reduction, input);
    const { next, transition } = withRepair(reduction, job);
    if (next === null) continue;
    const effects = transition === null ? [] : effectsOf(next, transition, job, input);
    commits.push({ finding: next, version: before?.version ?? null, transition, effects });
  }
  return commits;
}

// Worse as well: what opened as unknown may become a fault, and a new app in place of the old one is another object to mend.
const mendable: readonly Transition['kind'][] = ['opened', 'reopened', 'worse', 'waiver-ended'];

function jobOf({ next, transition }: Reduction, input: ReconcileInput): RemediationJob | null {
  if (input.baseline || next?.state !== 'open' || transition === null) return null;
  return mendable.includes(transition.kind) ? input.jobFor(next) : null;
}

function effectsOf(
  finding: Finding,
  transition: Transition,
  job: RemediationJob | null,
  input: ReconcileInput,
): Effect[] {
  if (input.baseline) return [];
  const alert = alertOf(finding, transition);
  return [
    ...(job === null ? [] : [{ kind: 'job', job } as const]),
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
