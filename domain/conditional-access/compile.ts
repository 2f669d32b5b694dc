import type { ConditionalAccessPolicy } from '../model/conditional-access-policy.ts';
import { readConditions } from './conditions.ts';
import { demandOf, type Demand } from './demand.ts';
import type { EffectKind, PolicyEffect, Reason } from './effect.ts';
import { narrowestOf, type Reach } from './reading.ts';
import { readTarget, type Naming } from './target.ts';
import { lowered } from './wire-words.ts';

/**
 * A policy whose answers are worked out. Apart from the two lists of appIds nothing in a policy looks at the app, so
 * there are few answers, and asking for one app costs two look-ups.
 */
export interface CompiledPolicy {
  readonly policy: ConditionalAccessPolicy;
  /** Lower case, as are the keys below. */
  readonly excluded: ReadonlySet<string>;
  readonly listed: ReadonlySet<string>;
  readonly effects: Readonly<Record<Naming, PolicyEffect>>;
  /** For an app that the policy excludes and would else have an effect on. */
  readonly spared: PolicyEffect;
}

/** Reads a policy by the decision table of the domain facts, section 3.2. */
export function compilePolicy(policy: ConditionalAccessPolicy): CompiledPolicy {
  const demand = demandOf(policy.grantControls);
  const excluded = judge(policy, demand, 'excluded');
  return {
    policy,
    excluded: lowered(policy.applications.exclude),
    listed: lowered(policy.applications.include),
    effects: { excluded, listed: judge(policy, demand, 'listed'), unnamed: judge(policy, demand, 'unnamed') },
    spared: { ...excluded, spared: true },
  };
}

/** What the policy does to the storage app with this appId (any case). */
export function effectOn(compiled: CompiledPolicy, appId: string): PolicyEffect {
  const key = appId.toLowerCase();
  const included = compiled.listed.has(key) ? compiled.effects.listed : compiled.effects.unnamed;
  if (!compiled.excluded.has(key)) return included;
  const { excluded } = compiled.effects;
  return excluded.kind === 'none' && included.kind !== 'none' ? compiled.spared : excluded;
}

function judge(policy: ConditionalAccessPolicy, demand: Demand, naming: Naming): PolicyEffect {
  const state = policy.state.toLowerCase();
  const effect = (kind: EffectKind, reasons: readonly Reason[]): PolicyEffect => ({
    kind,
    latent: state === 'enabledforreportingbutnotenforced',
    // A templateId does not tell: templates that administrators choose carry one too.
    microsoftManaged: false,
    explicit: naming === 'listed',
    spared: false,
    reasons,
  });
  // What a policy demands comes first: what asks for no MFA is harmless whatever else it carries, known or not.
  if (demand.kind === 'nothing' || demand.kind === 'device') return effect('none', [demand.reason]);
  if (state === 'disabled') return effect('none', [{ row: 1, words: 'disabled' }]);
  if (state !== 'enabled' && state !== 'enabledforreportingbutnotenforced') {
    return effect('undecided', [{ row: 2, words: `unknown state ${policy.state}` }]);
  }
  const target = readTarget(policy, naming);
  // Rows 9 to 11 come before users and conditions, so what they leave open stays open; an unknown exclusion (32) comes last.
  if (target.reach === 'none' || (target.reach === 'undecided' && target.reason.row !== 32)) {
    return effect(target.reach, [target.reason]);
  }
  const readings = [target, ...readConditions(policy)];
  const reach = narrowestOf(readings.map((one) => one.reach));
  if (reach === 'none') return effect('none', reasonsOf(readings, reach));
  if (reach === 'undecided') return effect('undecided', reasonsOf(readings, reach));
  if (demand.kind === 'undecided') return effect('undecided', [demand.reason]);
  return effect(kindOf(demand, reach), [...readings.map((one) => one.reason), demand.reason]);
}

function reasonsOf(readings: readonly { reach: Reach; reason: Reason }[], reach: Reach): readonly Reason[] {
  return readings.filter((one) => one.reach === reach).map((one) => one.reason);
}

const kinds = {
  all: 'violation',
  users: 'conditional-users',
  some: 'conditional',
  few: 'conditional-low',
} as const satisfies Partial<Record<Reach, EffectKind>>;

function kindOf(demand: Demand, reach: keyof typeof kinds): EffectKind {
  if (demand.kind === 'block') return reach === 'all' ? 'block' : 'block-conditional';
  if (demand.kind === 'mfa') return kinds[reach];
  // MFA or a device, or a control that Kerberos cannot answer: conditional at most.
  return reach === 'few' ? 'conditional-low' : 'conditional';
}
