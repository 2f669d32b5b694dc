import type { Evidence, Severity } from '../model/verdict.ts';

/** Who did something, as far as it may be kept: an object id, never a name or an address. */
export interface Actor {
  readonly kind: 'user' | 'application' | 'system' | 'unknown';
  /** Object id, or the client id where an event names only that; null where nobody said. */
  readonly objectId: string | null;
}

/** Why Kerbwatch looked. An event's actor is what the event claims, which is not proof. */
export interface Cause {
  readonly kind: 'nightly' | 'event' | 'verification';
  /** Run id, event id or job id. */
  readonly id: string;
  readonly actor: Actor;
}

/** Which account a finding is about; enough to show it without reading the account again. */
export interface FindingAccount {
  readonly id: string;
  /** ARM id in lower case. */
  readonly key: string;
  readonly name: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly location: string;
  readonly host: string | null;
}

/** What a finding is about: an account, or a subject of the tenant (an id, lower case). */
export type FindingAbout =
  { readonly account: FindingAccount; readonly subject: null } | { readonly account: null; readonly subject: string };

/** A finding as stored. */
export type Finding = FindingAbout & FindingRecord;

/** Times are epoch milliseconds, UTC. */
interface FindingRecord {
  /** Account name / rule, or `-` / rule / subject, as people and scripts see it. */
  readonly id: string;
  readonly rule: string;
  readonly state: 'open' | 'resolved' | 'gone';
  readonly outcome: 'fail' | 'warn' | 'unknown';
  readonly severity: Severity;
  readonly title: string;
  readonly evidence: Evidence;
  readonly deciders: readonly string[];
  /** How many times it has opened; 1 for the first. */
  readonly episode: number;
  /** How many transitions it has been through; the number of its last one. */
  readonly transitions: number;
  readonly firstSeenAt: number;
  readonly changedAt: number;
  /** When the facts were read that it rests on: what was read earlier must not change it. */
  readonly factsReadAt: number;
}

export type TransitionKind = 'opened' | 'reopened' | 'worse' | 'changed' | 'resolved' | 'gone';

/** One step in a finding's life, appended to history. */
export interface Transition {
  readonly findingId: string;
  /** Of the place that the finding has: account id in lower case, or `-/` and the subject. */
  readonly key: string;
  readonly rule: string;
  readonly number: number;
  readonly kind: TransitionKind;
  readonly at: number;
  readonly cause: Cause;
  readonly before: FindingStanding | null;
  readonly after: FindingStanding;
  readonly title: string;
  readonly episode: number;
}

/** What decides whether a finding got better or worse. */
export interface FindingStanding {
  readonly state: Finding['state'];
  readonly outcome: Finding['outcome'];
  readonly severity: Severity;
  readonly deciders: readonly string[];
}
