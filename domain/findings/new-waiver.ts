import type { Actor } from './finding.ts';
import { dayText, latestEnd, waiverEnd, waiverStart } from './waiver-end.ts';
import type { Waiver, WaiverOwner, WaiverScope } from './waiver.ts';

/** What a person asks for. */
export interface WaiverRequest {
  readonly scope: WaiverScope;
  readonly reason: string;
  /** Object id of a user or group, or the name of a team. */
  readonly owner: string;
  /** A day in UTC (`2027-02-28`, all of it), or an instant in ISO 8601. */
  readonly until: string;
  /** The same; now where it is not given. */
  readonly from?: string;
}

export interface WaiverTerms {
  /** Epoch milliseconds, UTC. */
  readonly now: number;
  readonly createdBy: Actor;
  readonly requireApproval: boolean;
  readonly knownRules: readonly string[];
}

/** A waiver that cannot be given, with everything that is wrong about it. */
export class WaiverInvalid extends Error {
  override readonly name = 'WaiverInvalid';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`This waiver cannot be given: ${problems.join('; ')}`);
    this.problems = problems;
  }
}

/** What breaks people's tickets may be accepted for a year at most, and then has to be looked at again. */
export const coreRules = ['single-ad-source', 'mfa-excluded', 'consent-granted', 'sp-password-expiry'] as const;
export const longestCoreDays = 365;
const longestReason = 1000;

/** A waiver that nobody has stored yet. */
export type NewWaiver = Omit<Waiver, 'id'>;

/**
 * A waiver from what a person asks for.
 * @throws WaiverInvalid with every problem at once.
 */
export function newWaiver(request: WaiverRequest, terms: WaiverTerms): NewWaiver {
  const { now } = terms;
  const reason = request.reason.trim();
  const owner = ownerOf(request.owner.trim());
  const from = request.from === undefined ? now : waiverStart(request.from);
  const until = waiverEnd(request.until);
  const problems = [
    ...scopeProblems(request.scope, terms.knownRules),
    ...(reason === '' ? ['it needs a reason'] : []),
    ...(reason.length > longestReason ? [`its reason is longer than ${String(longestReason)} characters`] : []),
    ...(typeof owner === 'string' ? [owner] : []),
    ...(from === null ? [notADay('beginning', request.from ?? '')] : []),
    ...(until === null ? [notADay('end', request.until)] : []),
    ...(from === null || until === null ? [] : termProblems(request.scope, from, until, now)),
  ];
  if (problems.length > 0 || typeof owner === 'string' || from === null || until === null)
    throw new WaiverInvalid(problems);
  return {
    scope: request.scope,
    reason,
    owner,
    from,
    until,
    createdBy: terms.createdBy,
    createdAt: now,
    approval: terms.requireApproval ? { state: 'pending' } : { state: 'not-needed' },
    removed: null,
    warnedAt: null,
    settledAt: null,
  };
}

/** Whether the waiver may cover a core rule. */
export function includesCoreRule({ rule }: WaiverScope): boolean {
  return rule === null || coreRules.some((core) => core === rule);
}

function scopeProblems(scope: WaiverScope, knownRules: readonly string[]): readonly string[] {
  const { rule } = scope;
  const problems = rule === null || knownRules.includes(rule) ? [] : [`there is no rule ${rule}`];
  if (scope.kind === 'tag' && (scope.name.trim() === '' || scope.value.trim() === '')) {
    return [...problems, 'a tag needs a name and a value'];
  }
  return problems;
}

function termProblems(scope: WaiverScope, from: number, until: number, now: number): readonly string[] {
  if (until <= now) return [`its end, ${new Date(until).toISOString()}, has passed`];
  if (until <= from) return ['it ends before it begins'];
  // From when it is given: one that begins later must not hold for longer after all that was looked at.
  const latest = latestEnd(Math.min(from, now), longestCoreDays);
  if (!includesCoreRule(scope) || until <= latest) return [];
  const covered = scope.rule === null ? 'it covers core rules' : `${scope.rule} is a core rule`;
  return [
    `${covered}, which nobody may waive for more than ${String(longestCoreDays)} days: the latest end is ${dayText(latest - 1)}`,
  ];
}

function notADay(what: string, text: string): string {
  return `its ${what}, ${JSON.stringify(text)}, is no day of the calendar: give it as 2027-02-28, or as 2027-02-28T18:00:00Z`;
}

/**
 * @returns what is wrong with it where it cannot be an owner. A person is to be named by object id (law 11): an address can
 * be told from a team's name, a person's name cannot.
 */
function ownerOf(text: string): WaiverOwner | string {
  if (text === '') return 'it needs an owner: the object id of a user or group, or the name of a team';
  if (/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(text)) return { kind: 'object', id: text.toLowerCase() };
  if (text.includes('@'))
    return "its owner looks like a person's address: give the object id of that person, or the name of a team";
  if (text.length > 64) return 'its owner is longer than 64 characters';
  return { kind: 'team', name: text };
}
