import type { Evidence, Severity } from '../model/verdict.ts';
import type { FindingState, TransitionKind } from './lifecycle.ts';

/** Who did something, as far as it may be kept: an object id, never a name or an address. */
export interface Actor {
  readonly kind: 'user' | 'application' | 'system' | 'unknown';
  /** Object id, or the client id where an event names only that; null where nobody said. */
  readonly objectId: string | null;
}

/** Why Kerbwatch looked, or who acted. An event's actor is what the event claims, which is not proof. */
export interface Cause {
  readonly kind: 'nightly' | 'event' | 'verification' | 'person' | 'sweep' | 'watch';
  /** Run id, event id, job id or waiver id; empty where there is none. */
  readonly id: string;
  readonly actor: Actor;
  /**
   * Of an event's cause: what came since the account was last read; absent where no event's time lies there. Of the
   * watch's cause: what the look saw; absent where it had nothing to compare with.
   */
  readonly events?: CauseEvents | undefined;
}

/** Where changes happen: what Azure Resource Manager holds, or what the directory does. */
export const planes = ['storage', 'directory'] as const;
export type Plane = (typeof planes)[number];

/**
 * What a time of change is: `known`, for somebody who saw it told it, or `not-before`, a bound: the change came after it,
 * and nobody knows when. Whatever is reckoned from a bound is an "at most".
 */
export const changedAtKinds = ['known', 'not-before'] as const;
export type ChangedAtKind = (typeof changedAtKinds)[number];

/** What is behind the cause of an event or of the watch. Times are epoch milliseconds. */
export interface CauseEvents {
  /** Of events, oldest first; only the youngest where there are many. Of the watch, its look. */
  readonly ids: readonly string[];
  /** The resource's own time of the oldest; where `changedAtIs` is `not-before`, when the change had not come yet. */
  readonly changedAt: number;
  /** Absent: known. */
  readonly changedAtIs?: ChangedAtKind | undefined;
  /** Absent: storage. */
  readonly plane?: Plane | undefined;
  /** When the oldest was received or the look saw the change, and when the debounce that it began was over. */
  readonly receivedAt: number;
  readonly dueAt: number;
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
  readonly state: FindingState;
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
  /** When this episode began. */
  readonly openedAt: number;
  readonly changedAt: number;
  /** When the facts were read that it rests on: what was read earlier must not change it. */
  readonly factsReadAt: number;
  /** When it came back lately, oldest first: the returns of the seven days up to the last one. */
  readonly flaps: readonly number[];
  /** While it is acknowledged. */
  readonly acknowledgement: Acknowledgement | null;
  /** The waiver that it is under, or was last: it is under none unless its state is waived. */
  readonly waiver: HeldWaiver | null;
  /** When it got worse than a waiver allowed: what was given before that does not cover it any more. */
  readonly waiversBrokenAt: number | null;
  /** How many jobs were made in this episode: the attempt of the last one. */
  readonly repairAttempts: number;
  /** The repair that is under way, while it is. */
  readonly repair: { readonly jobId: string; readonly expiresAt: number; readonly attempt: number } | null;
}

/** Attempts of one episode: what three jobs in three days were not taken for waits for a person. */
export const mostRepairAttempts = 3;

/** That a person knows of the fault as it stood. */
export interface Acknowledgement {
  readonly by: Actor;
  readonly note: string;
  readonly at: number;
  readonly standing: FaultStanding;
}

/** The waiver of a finding, and how the fault stood when it came under it. */
export interface HeldWaiver {
  readonly id: string;
  readonly until: number;
  readonly standing: FaultStanding;
}

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
  /** What the person said, or which waiver it was; absent where nobody said anything. */
  readonly note?: string;
  /** Id of the job that was under way; absent where none was, and in a row of an older version. */
  readonly repair?: string;
}

/** What decides whether a finding got better or worse. */
export interface FindingStanding extends FaultStanding {
  readonly state: Finding['state'];
}

/** How bad a fault is, and whose doing: what an acknowledgement or a waiver is given for. */
export interface FaultStanding {
  readonly outcome: Finding['outcome'];
  readonly severity: Severity;
  readonly deciders: readonly string[];
}
