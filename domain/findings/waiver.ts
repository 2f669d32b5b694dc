import { clocksApartMs } from '../model/clocks-apart.ts';
import type { Actor, Finding } from './finding.ts';
import { placeOf } from './place.ts';

/** What a waiver is about. A rule narrows it where one is given. Ids of accounts and subscriptions are lower case. */
export type WaiverScope =
  | { readonly kind: 'finding'; readonly key: string; readonly rule: string }
  | { readonly kind: 'account'; readonly accountKey: string; readonly rule: string | null }
  | { readonly kind: 'tag'; readonly name: string; readonly value: string; readonly rule: string | null }
  | { readonly kind: 'subscription'; readonly subscriptionId: string; readonly rule: string | null }
  | { readonly kind: 'rule'; readonly rule: string };

/** Who answers for it: a user or group of the directory, or a team by its name. */
export type WaiverOwner =
  { readonly kind: 'object'; readonly id: string } | { readonly kind: 'team'; readonly name: string };

export type WaiverApproval =
  | { readonly state: 'not-needed' }
  | { readonly state: 'pending' }
  | { readonly state: 'approved'; readonly by: Actor; readonly at: number };

/** A fault accepted until an instant, for a reason. Times are epoch milliseconds, UTC. */
export interface Waiver {
  readonly id: string;
  readonly scope: WaiverScope;
  readonly reason: string;
  readonly owner: WaiverOwner;
  /** The first instant at which it holds. */
  readonly from: number;
  /** The first instant at which it holds no more. */
  readonly until: number;
  readonly createdBy: Actor;
  readonly createdAt: number;
  readonly approval: WaiverApproval;
  /** Taken back before its end; kept all the same, as everything that was ever waived is. */
  readonly removed: { readonly by: Actor; readonly at: number } | null;
  /** When its owner was told that it ends soon. */
  readonly warnedAt: number | null;
  /** When the findings it had covered were opened again, after its end. */
  readonly settledAt: number | null;
}

/** Whether the waiver holds at `now`: begun, not ended, not taken back, and approved by another where that is asked. */
export function holds(waiver: Waiver, now: number): boolean {
  return waiver.removed === null && waiver.from <= now && now < waiver.until && isApproved(waiver) && isWhole(waiver);
}

/** Whether it is over for good: expired or taken back. */
export function isOver(waiver: Waiver, now: number): boolean {
  return waiver.removed !== null || !(now < waiver.until);
}

/** Tags, teams and ids compare without case. */
export function sameScope(a: Pick<Waiver, 'scope'>, b: Pick<Waiver, 'scope'>): boolean {
  return textOf(a.scope) === textOf(b.scope);
}

export function sameOwner(a: Pick<Waiver, 'owner'>, b: Pick<Waiver, 'owner'>): boolean {
  return textOf(a.owner) === textOf(b.owner);
}

/** What a waiver says of whom it covers, who answers for it, and until when, as a text that is the same for the same. */
export function sayingOf({ scope, owner, until }: Pick<Waiver, 'scope' | 'owner' | 'until'>): string {
  return [textOf(scope), textOf(owner), String(until)].join('|');
}

function textOf(part: WaiverScope | WaiverOwner): string {
  return JSON.stringify(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))).toLowerCase();
}

/** When it came to hold: what was given before something got worse does not cover what came after. */
export function givenAt({ approval, createdAt }: Waiver): number {
  return approval.state === 'approved' ? approval.at : createdAt;
}

/** Tags of an account by its key (ARM id in lower case); null where they were not read. */
export type TagsOf = (accountKey: string) => Readonly<Record<string, string>> | null;

/** What the reducer may know of waivers: those stored, and the tags that some of them go by. */
export interface LiveWaivers {
  readonly all: readonly Waiver[];
  readonly tagsOf: TagsOf;
}

/** Whether the waiver is about the finding, whenever it holds. */
export function covers({ scope }: Waiver, finding: Pick<Finding, 'rule'> & AboutFinding, tagsOf: TagsOf): boolean {
  if (scope.rule !== null && scope.rule !== finding.rule) return false;
  switch (scope.kind) {
    case 'finding':
      return scope.key === placeOf(finding).key;
    case 'account':
      return scope.accountKey === finding.account?.key;
    case 'subscription':
      return scope.subscriptionId === finding.account?.subscriptionId.toLowerCase();
    case 'rule':
      return true;
    case 'tag':
      return finding.account !== null && hasTag(tagsOf(finding.account.key), scope);
  }
}

type AboutFinding = Parameters<typeof placeOf>[0];

/**
 * Those that may still cover a finding: not the ones that were given before it got worse than a waiver allowed, but for the
 * one it is under. @param given one that a person gives it now, which counts although another clock that is ahead has it broken
 * since. What got worse while the giving took minutes, that person has not seen.
 */
export function unbroken(
  { waiver, waiversBrokenAt }: Pick<Finding, 'waiver' | 'waiversBrokenAt'>,
  { all, tagsOf }: LiveWaivers,
  given: string | null = null,
): LiveWaivers {
  if (waiversBrokenAt === null) return { all, tagsOf };
  const counts = (one: Waiver): boolean =>
    one.id === waiver?.id || givenAt(one) + (one.id === given ? clocksApartMs : 0) > waiversBrokenAt;
  return { all: all.filter(counts), tagsOf };
}

/** Of the waivers that cover a finding and hold, the one that counts: the most specific, then the one that ends last. */
export function bestWaiver(
  finding: Pick<Finding, 'rule'> & AboutFinding,
  { all, tagsOf }: LiveWaivers,
  now: number,
): Waiver | null {
  const covering = all.filter((waiver) => holds(waiver, now) && covers(waiver, finding, tagsOf));
  return covering.reduce<Waiver | null>((best, waiver) => (best === null || beats(waiver, best) ? waiver : best), null);
}

const bySpecificity = ['finding', 'account', 'tag', 'subscription', 'rule'] as const satisfies WaiverScope['kind'][];

/** Narrower first: by what it is about, then whether a rule narrows it; then the later end, then the id, so that there is one answer. */
function beats(a: Waiver, b: Waiver): boolean {
  const scope = bySpecificity.indexOf(a.scope.kind) - bySpecificity.indexOf(b.scope.kind);
  if (scope !== 0) return scope < 0;
  const rule = Number(a.scope.rule === null) - Number(b.scope.rule === null);
  if (rule !== 0) return rule < 0;
  return a.until === b.until ? a.id < b.id : a.until > b.until;
}

/** Azure compares tag names without case; values are compared so as well, as settings do. */
function hasTag(tags: Readonly<Record<string, string>> | null, wanted: { name: string; value: string }): boolean {
  return Object.entries(tags ?? {}).some(
    ([name, value]) =>
      name.toLowerCase() === wanted.name.toLowerCase() && value.toLowerCase() === wanted.value.toLowerCase(),
  );
}

/** Nobody approves a waiver of their own, and an approver who cannot be told from its creator is none. */
function isApproved({ approval, createdBy }: Waiver): boolean {
  if (approval.state !== 'approved') return approval.state === 'not-needed';
  return approval.by.objectId !== null && approval.by.objectId !== createdBy.objectId;
}

/** A stored waiver that somebody edited may lack what makes it one. */
function isWhole({ reason, owner, until }: Waiver): boolean {
  const owned = owner.kind === 'object' ? owner.id : owner.name;
  return reason.trim() !== '' && owned.trim() !== '' && Number.isFinite(until);
}
