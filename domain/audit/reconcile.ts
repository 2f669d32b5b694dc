import { alertOf } from '../findings/alert.ts';
import type { Finding, Transition } from '../findings/finding.ts';
import { type Observation, type ObservationContext, reduce } from '../findings/reduce.ts';
import type { RemediationJob } from '../remediation/job.ts';
import { type Effect, FindingConflict, type FindingCommit, type FindingStore, type StoredFinding } from './ports.ts';

/** What was observed of one account. */
export interface AccountObservations {
  /** ARM id in lower case. */
  readonly accountKey: string;
  readonly observations: readonly Observation[];
}

export interface ReconcileInput {
  readonly subscriptionId: string;
  readonly accounts: readonly AccountObservations[];
  readonly context: ObservationContext;
  /** First audit of the subscription: findings open without an alert or a job each. */
  readonly baseline: boolean;
  /** The job that a finding calls for, null for none. */
  readonly jobFor: (finding: Finding) => RemediationJob | null;
}

export interface Reconciled {
  readonly transitions: readonly Transition[];
  /** Findings of these accounts that are open now. */
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
    const stored = await store.read(
      input.subscriptionId,
      input.accounts.map(({ accountKey }) => accountKey),
    );
    const commits = commitsFor(input, stored);
    try {
      if (commits.length > 0) await store.commit(input.subscriptionId, commits);
      transitions.push(...commits.flatMap(({ transition }) => (transition === null ? [] : [transition])));
      return { transitions, open: countOpen(stored, commits) };
    } catch (error) {
      if (!(error instanceof FindingConflict) || attempt === attempts) throw error;
    }
  }
}

function commitsFor(input: ReconcileInput, stored: readonly StoredFinding[]): FindingCommit[] {
  const byKey = new Map(stored.map((entry) => [keyOf(entry.finding.account.key, entry.finding.rule), entry]));
  const commits: FindingCommit[] = [];
  for (const { accountKey, observations } of input.accounts) {
    for (const { rule, observation } of perRule(accountKey, observations, stored)) {
      const before = byKey.get(keyOf(accountKey, rule)) ?? null;
      const { next, transition } = reduce(before?.finding ?? null, observation, input.context);
      if (next === null) continue;
      const effects = transition === null ? [] : effectsOf(next, transition, input);
      commits.push({ finding: next, version: before?.version ?? null, transition, effects });
    }
  }
  return commits;
}

/** That an account is absent concerns every finding it has; a verdict concerns its own rule. */
function perRule(
  accountKey: string,
  observations: readonly Observation[],
  stored: readonly StoredFinding[],
): { rule: string; observation: Observation }[] {
  return observations.flatMap((observation): { rule: string; observation: Observation }[] =>
    observation.kind === 'verdict'
      ? [{ rule: observation.rule, observation }]
      : stored
          .filter(({ finding }) => finding.account.key === accountKey)
          .map(({ finding }) => ({ rule: finding.rule, observation })),
  );
}

function effectsOf(finding: Finding, transition: Transition, input: ReconcileInput): Effect[] {
  if (input.baseline) return [];
  const alert = alertOf(finding, transition);
  // Worse as well: what opened as unknown may become a fault, and a new app in place of the old one is another object to mend.
  const mendable: readonly Transition['kind'][] = ['opened', 'reopened', 'worse'];
  const job = mendable.includes(transition.kind) ? input.jobFor(finding) : null;
  return [
    ...(job === null ? [] : [{ kind: 'job', job } as const]),
    ...(alert === null ? [] : [{ kind: 'alert', alert } as const]),
  ];
}

function countOpen(stored: readonly StoredFinding[], commits: readonly FindingCommit[]): number {
  const now = new Map(stored.map(({ finding }) => [keyOf(finding.account.key, finding.rule), finding.state]));
  for (const { finding } of commits) now.set(keyOf(finding.account.key, finding.rule), finding.state);
  return [...now.values()].filter((state) => state === 'open').length;
}

function keyOf(accountKey: string, rule: string): string {
  return `${accountKey}/${rule}`;
}
