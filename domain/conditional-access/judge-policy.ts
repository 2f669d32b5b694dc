import type { ConditionalAccessPolicy } from '../model/conditional-access-policy.ts';
import { securityAttributePermission, type FilterVerdict } from './application-filter.ts';
import { readConditions } from './conditions.ts';
import { demandOf, type Demand } from './demand.ts';
import type { EffectKind, PolicyEffect, Reason } from './effect.ts';
import { isMicrosoftManaged } from './microsoft-managed.ts';
import { narrowestOf, type Reach, type Reading } from './reading.ts';
import { readTarget, type Naming } from './target.ts';

/** What a policy does to an app that it names so and of which its filter says this: the decision table from top to bottom. */
export function judgePolicy(policy: ConditionalAccessPolicy, naming: Naming, filter: FilterVerdict): PolicyEffect {
  const demand = demandOf(policy.grantControls);
  const state = policy.state.toLowerCase();
  const latent = state === 'enabledforreportingbutnotenforced';
  const target = readTarget(policy, naming, filter);
  const readings = [target, ...readConditions(policy)];
  const reach = narrowestOf(readings.map((one) => one.reach));
  const effect = (kind: EffectKind, reasons: readonly Reason[], needs: string | null = null): PolicyEffect => ({
    kind,
    demand: demandWord(demand),
    latent,
    microsoftManaged: isMicrosoftManaged(policy),
    explicit: naming === 'listed',
    spared: false,
    everyTime: policy.signInFrequency === 'everyTime' && state === 'enabled' && reach !== 'none',
    needs,
    reasons,
  });
  // What a policy demands comes first: what asks for no MFA is harmless whatever else it carries, known or not.
  if (demand.kind === 'nothing' || demand.kind === 'device') return effect('none', [demand.reason]);
  if (state === 'disabled') return effect('none', [{ row: 1, words: 'disabled' }]);
  if (state !== 'enabled' && !latent) return effect('undecided', [{ row: 2, words: `unknown state ${policy.state}` }]);
  // Rows 9 to 11 come before users and conditions, so what they leave open stays open; an unknown exclusion (32) comes last.
  if (target.reach === 'none' || (target.reach === 'undecided' && target.reason.row !== 32)) {
    const needs = target.reason.row === 10 && filter === 'unread' ? securityAttributePermission : null;
    return effect(target.reach, [target.reason], needs);
  }
  if (reach === 'none' || reach === 'undecided') return effect(reach, reasonsOf(readings, reach));
  if (demand.kind === 'undecided') return effect('undecided', [demand.reason]);
  return effect(kindOf(demand, reach), [...readings.map((one) => one.reason), demand.reason]);
}

function demandWord(demand: Demand): PolicyEffect['demand'] {
  if (demand.kind === 'nothing' || demand.kind === 'device') return 'nothing';
  if (demand.kind === 'block') return 'block';
  return demand.mayBlock ? 'either' : 'mfa';
}

function reasonsOf(readings: readonly Reading[], reach: Reach): readonly Reason[] {
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
