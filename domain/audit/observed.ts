import type { Finding } from '../findings/finding.ts';
import { placeOf } from '../findings/place.ts';
import type { Observation } from '../findings/reduce.ts';
import type { Verdict } from '../model/verdict.ts';
import type { SubjectVerdict } from '../rules/rule.ts';

/** What was observed of one account. */
export interface AccountObservations {
  /** ARM id in lower case. */
  readonly accountKey: string;
  readonly observations: readonly Observation[];
}

/** What a rule about the tenant says. */
export interface TenantObservations {
  readonly rule: string;
  /** Each under its subject; the tenant's own id stands for what has none. */
  readonly told: readonly SubjectVerdict[];
  /** What holds for every subject that is not told of. */
  readonly others: Verdict;
}

/** What one audit saw of one partition: some of its accounts, or the tenant as a whole. */
export type Observed =
  | { readonly kind: 'accounts'; readonly accounts: readonly AccountObservations[] }
  | { readonly kind: 'tenant'; readonly rules: readonly TenantObservations[] };

/** One observation and the finding that it concerns. */
export interface FindingObservation {
  /** Of the finding's place. */
  readonly key: string;
  readonly rule: string;
  readonly observation: Observation;
}

/** What the observations mean for each finding, given those that are stored. */
export function perFinding(observed: Observed, stored: readonly Finding[]): readonly FindingObservation[] {
  return observed.kind === 'accounts'
    ? observed.accounts.flatMap((account) => ofAccount(account, stored))
    : observed.rules.flatMap((rule) => ofTenant(rule, stored));
}

/** That an account is absent concerns every finding it has; a verdict concerns its own rule. */
function ofAccount({ accountKey, observations }: AccountObservations, stored: readonly Finding[]) {
  return observations.flatMap((observation): FindingObservation[] =>
    observation.kind === 'verdict'
      ? [{ key: accountKey, rule: observation.rule, observation }]
      : stored
          .filter(({ account }) => account?.key === accountKey)
          .map(({ rule }) => ({ key: accountKey, rule, observation })),
  );
}

/** What is told of concerns its own subject. That all others are well closes what was found of them before. */
function ofTenant({ rule, told, others }: TenantObservations, stored: readonly Finding[]): FindingObservation[] {
  const seen = told.map(({ subject, verdict }) => onSubject(rule, subject, verdict));
  if (others.outcome !== 'pass' && others.outcome !== 'not-applicable') return seen;
  const named = new Set(told.map(({ subject }) => subject));
  const left = stored.flatMap((finding) =>
    finding.rule === rule && finding.subject !== null && !named.has(finding.subject) ? [finding.subject] : [],
  );
  return [...seen, ...left.map((subject) => onSubject(rule, subject, others))];
}

function onSubject(rule: string, subject: string, verdict: Verdict): FindingObservation {
  const about = { account: null, subject };
  return { key: placeOf(about).key, rule, observation: { kind: 'verdict', rule, about, verdict } };
}
