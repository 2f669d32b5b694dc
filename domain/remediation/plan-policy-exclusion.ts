import { compilePolicy, effectOn } from '../conditional-access/compile.ts';
import type { PolicyEffect } from '../conditional-access/effect.ts';
import { blockOutcome, mfaOutcome } from '../conditional-access/outcome.ts';
import type { ConditionalAccessPolicy } from '../model/conditional-access-policy.ts';
import type { StorageAccount } from '../model/storage-account.ts';
import type { Directory } from '../rules/directory.ts';
import { byCodeUnit } from '../rules/verdicts.ts';
import { manual, none, type LeftOut, type Planned, refusalFor } from './planned.ts';
import { checkedId } from './plan-url.ts';
import { planExclusions, writablePolicy } from './policy-exclusions.ts';
import { policyByHand } from './runbooks/policy-by-hand.ts';
import { type SoundApp, soundApp } from './sound-app.ts';

export interface PolicyRequest {
  readonly policyId: string;
  /** The accounts whose findings name the policy. */
  readonly accounts: readonly StorageAccount[];
  readonly directory: Directory;
}

/**
 * Excludes from one policy the apps of all these accounts that it breaks, in one call (domain facts 5). Only what makes
 * a rule fail counts; an account without a sound app is left out, and a policy that names one of the apps on purpose is
 * for a person, whatever it does to the others.
 */
export function planPolicyExclusion({ policyId, accounts, directory }: PolicyRequest): Planned {
  const distinct = [...new Map(accounts.map((account) => [account.key, account])).values()].sort((a, b) =>
    byCodeUnit(a.key, b.key),
  );
  const judged = distinct.map((account) => ({ account, app: soundApp({ account, directory }) }));
  const sound = judged.flatMap(({ account, app }) => (app.kind === 'sound' ? [{ account, app }] : []));
  const byHand = { kind: 'exclude', apps: sound.map(({ account, app }) => ({ account, appId: app.appId })) } as const;
  const target = writablePolicy(policyId, directory, byHand);
  if (target.kind !== 'writable') return target;
  const { policy, exclude } = target;
  const compiled = compilePolicy(policy);
  const effects = sound.map((one) => ({ ...one, effect: effectOn(compiled, targetOf(one.app)) }));
  if (effects.some(({ effect }) => effect.explicit)) {
    const why = 'The policy names the app itself among those it is for, so somebody meant it';
    return manual(policyByHand(policy, why, byHand, directory.facts.tenantId));
  }
  const broken = effects.filter(({ effect }) => isBroken(effect));
  const leftOut: readonly LeftOut[] = [
    ...judged.flatMap(({ account, app }) => (app.kind === 'sound' ? [] : [{ about: account.key, refusal: app }])),
    ...effects
      .filter((one) => !broken.includes(one))
      .map(({ account }) => ({ about: account.key, refusal: none(notBroken(policy)) })),
  ];
  if (broken.length === 0) return refusalFor(leftOut, 'No account');
  const added = [...new Set(broken.map(({ app }) => checkedId(app.appId)))].sort(byCodeUnit);
  return {
    kind: 'plan',
    plan: planExclusions(target, [...exclude, ...added], {
      action: 'exclude-app-from-policy',
      risk: 'weakens-security',
    }),
    accounts: broken.map(({ account: { id, name } }) => ({ id, name })),
    leftOut,
  };
}

/** Ids of the policies that make a rule about the account's one sound app fail, sorted: what to plan for. */
export function policiesThatBreak(account: StorageAccount, directory: Directory): readonly string[] {
  const app = soundApp({ account, directory });
  if (app.kind !== 'sound') return [];
  return directory.compiledPolicies
    .filter((compiled) => isBroken(effectOn(compiled, targetOf(app))))
    .flatMap(({ policy: { id } }) => (id === null ? [] : [id.toLowerCase()]))
    .sort(byCodeUnit);
}

function isBroken(effect: PolicyEffect): boolean {
  return [mfaOutcome(effect), blockOutcome(effect)].some((one) => one?.outcome === 'fail');
}

function targetOf({ appId, principal }: SoundApp) {
  return { appId, securityAttributes: principal.securityAttributes };
}

function notBroken({ displayName }: ConditionalAccessPolicy): string {
  return `Policy ‹${displayName}› does not provably keep users of the account from mounting`;
}
