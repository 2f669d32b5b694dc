import { act, type Act } from '../../../domain/findings/act.ts';
import type { Actor, Finding, FindingAbout, Transition } from '../../../domain/findings/finding.ts';
import { reduce } from '../../../domain/findings/reduce.ts';
import type { LiveWaivers, Waiver, WaiverScope } from '../../../domain/findings/waiver.ts';
import type { Verdict } from '../../../domain/model/verdict.ts';
import { account, gap, guid, now } from '../build.ts';

export const hour = 3_600_000;
export const day = 24 * hour;
export const rule = 'mfa-excluded';
export const person: Actor = { kind: 'user', objectId: guid(0x71) };
export const nobody: Actor = { kind: 'unknown', objectId: null };

const { id, key, name, subscriptionId, resourceGroup, location, host } = account();
export const accountKey = key;
export const about: FindingAbout = {
  account: { id, key, name, subscriptionId, resourceGroup, location, host },
  subject: null,
};

export function verdict(over: Partial<Verdict> = {}): Verdict {
  return { outcome: 'fail', severity: 'high', title: 'Is broken', evidence: {}, deciders: ['a'], gaps: [], ...over };
}

export const clean = verdict({ outcome: 'pass', deciders: [] });
export const unreadable = verdict({ outcome: 'unknown', gaps: [gap('applications')] });

/** A waiver of the account that holds for 30 days. */
export function waiver(over: Partial<Waiver> = {}): Waiver {
  return {
    id: 'w1',
    scope: { kind: 'account', accountKey: key, rule: null },
    reason: 'Until the migration',
    owner: { kind: 'team', name: 'Storage' },
    from: now,
    until: now + 30 * day,
    createdBy: person,
    createdAt: now,
    approval: { state: 'not-needed' },
    removed: null,
    warnedAt: null,
    settledAt: null,
    ...over,
  };
}

export function scoped(scope: WaiverScope, over: Partial<Waiver> = {}): Waiver {
  return waiver({ scope, id: scope.kind, ...over });
}

export function under(...all: readonly Waiver[]): LiveWaivers {
  return { all, tagsOf: () => null };
}

/** One thing that happens to a finding. `after` is hours since the former one, 1 where it is not given. */
export type Event = { readonly after?: number; readonly waivers?: LiveWaivers } & (
  | { readonly sees: Verdict; readonly factsAge?: number; readonly verifies?: string }
  | { readonly absent: true }
  | { readonly does: Act }
);

export interface Life {
  readonly finding: Finding | null;
  readonly transitions: readonly Transition[];
  readonly at: number;
}

/** A finding after what happened to it, each event an hour after the one before. */
export function live(...events: readonly Event[]): Life {
  return goOn({ finding: null, transitions: [], at: now - hour }, ...events);
}

export function goOn(life: Life, ...events: readonly Event[]): Life {
  return events.reduce(step, life);
}

function step({ finding, transitions, at: before }: Life, event: Event): Life {
  const at = before + (event.after ?? 1) * hour;
  const { next, transition } = reductionOf(finding, event, at);
  return {
    finding: next ?? finding,
    transitions: transition === null ? transitions : [...transitions, transition],
    at,
  };
}

function reductionOf(finding: Finding | null, event: Event, at: number) {
  if ('does' in event) {
    if (finding === null) return { next: null, transition: null };
    return act(finding, event.does, { now: at, cause: { kind: 'person', id: '', actor: person } });
  }
  const waivers = event.waivers === undefined ? {} : { waivers: event.waivers };
  if ('absent' in event) {
    const cause = { kind: 'event', id: 'event-1', actor: nobody } as const;
    return reduce(finding, { kind: 'account-absent' }, { now: at, factsReadAt: at, cause, ...waivers });
  }
  const cause =
    event.verifies === undefined
      ? ({ kind: 'nightly', id: 'run-1', actor: nobody } as const)
      : ({ kind: 'verification', id: event.verifies, actor: nobody } as const);
  const factsReadAt = at - (event.factsAge ?? 0) * hour;
  const observation = { kind: 'verdict', rule, about, verdict: event.sees } as const;
  return reduce(finding, observation, { now: at, factsReadAt, cause, ...waivers });
}

export const acknowledged: Act = { kind: 'acknowledged', by: person, note: 'The team is on it' };
