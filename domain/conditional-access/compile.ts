import type { ConditionalAccessPolicy } from '../model/conditional-access-policy.ts';
import {
  compileFilter,
  filterVerdict,
  type CompiledFilter,
  type FilterVerdict,
  type TargetApp,
} from './application-filter.ts';
import type { PolicyEffect } from './effect.ts';
import { judgePolicy } from './judge-policy.ts';
import type { Naming } from './target.ts';
import { lowered } from './wire-words.ts';

/**
 * A policy whose answers are worked out. Apart from two lists of appIds and an application filter nothing in a policy
 * looks at the app, so there are few answers, and asking for one app costs two look-ups and the filter.
 */
export interface CompiledPolicy {
  readonly policy: ConditionalAccessPolicy;
  /** Lower case. */
  readonly excluded: ReadonlySet<string>;
  /** Lower case. */
  readonly listed: ReadonlySet<string>;
  readonly filter: CompiledFilter | null;
  readonly effects: EffectsByFilter;
}

/** `spared`: for an app that the policy excludes by its appId and would else have an effect on. */
type EffectsByNaming = Readonly<Record<Naming | 'spared', PolicyEffect>>;
type EffectsByFilter = Readonly<Record<FilterVerdict, EffectsByNaming>>;

/** Reads every policy once, in an order that does not depend on how they came: by name, then by id. */
export function compilePolicies(policies: readonly ConditionalAccessPolicy[]): readonly CompiledPolicy[] {
  const keyed = policies.map((policy) => ({
    policy,
    key: [policy.displayName, policy.id ?? '', JSON.stringify(policy)],
  }));
  return keyed.sort((a, b) => compareKeys(a.key, b.key)).map(({ policy }) => compilePolicy(policy));
}

/** Reads a policy by the decision table of the domain facts, section 3.2. */
export function compilePolicy(policy: ConditionalAccessPolicy): CompiledPolicy {
  const { include, exclude, filter } = policy.applications;
  return {
    policy,
    excluded: lowered(exclude),
    listed: lowered(include),
    filter: filter === null ? null : compileFilter(filter),
    effects: effectsByFilter(policy),
  };
}

function compareKeys(a: readonly string[], b: readonly string[]): number {
  const at = a.findIndex((text, index) => text !== b[index]);
  return at < 0 ? 0 : (a[at] ?? '') < (b[at] ?? '') ? -1 : 1;
}

/** What the policy does to the storage app. */
export function effectOn(compiled: CompiledPolicy, app: TargetApp): PolicyEffect {
  return effectWhere(compiled, app.appId, filterVerdict(compiled.filter, app.securityAttributes));
}

/** What the policy does to an app of which its filter says this. `appId` in any case. */
export function effectWhere(
  { excluded, listed, effects }: CompiledPolicy,
  appId: string,
  verdict: FilterVerdict,
): PolicyEffect {
  const key = appId.toLowerCase();
  const byNaming = effects[verdict];
  const included = listed.has(key) ? byNaming.listed : byNaming.unnamed;
  if (!excluded.has(key)) return included;
  const wouldAct = included.kind !== 'none' || included.spared;
  return wouldAct && byNaming.excluded.kind === 'none' ? byNaming.spared : byNaming.excluded;
}

function effectsByFilter(policy: ConditionalAccessPolicy): EffectsByFilter {
  if (policy.applications.filter === null) {
    const only = effectsByNaming(policy, 'unfiltered');
    return { unfiltered: only, match: only, miss: only, unread: only, unclear: only, unparsed: only };
  }
  const match = effectsByNaming(policy, 'match');
  const miss = effectsByNaming(policy, 'miss');
  return {
    unfiltered: miss,
    match: { ...match, listed: exempted(match.listed, miss.listed), unnamed: exempted(match.unnamed, miss.unnamed) },
    miss,
    unread: effectsByNaming(policy, 'unread'),
    unclear: effectsByNaming(policy, 'unclear'),
    unparsed: effectsByNaming(policy, 'unparsed'),
  };
}

/** Says where it is the filter's doing that there is no effect. */
function exempted(matching: PolicyEffect, missing: PolicyEffect): PolicyEffect {
  return { ...matching, spared: matching.kind === 'none' && missing.kind !== 'none' };
}

function effectsByNaming(policy: ConditionalAccessPolicy, filter: FilterVerdict): EffectsByNaming {
  const excluded = judgePolicy(policy, 'excluded', filter);
  return {
    excluded,
    spared: { ...excluded, spared: true },
    listed: judgePolicy(policy, 'listed', filter),
    unnamed: judgePolicy(policy, 'unnamed', filter),
  };
}
