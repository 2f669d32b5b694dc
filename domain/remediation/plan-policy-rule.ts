import { effectOn } from '../conditional-access/compile.ts';
import { blockOutcome, mfaOutcome } from '../conditional-access/outcome.ts';
import { itemsOf } from '../model/collection.ts';
import type { RuleContext } from '../rules/rule.ts';
import { policiesThatBreak } from './plan-policy-exclusion.ts';
import { manual, none, type Refusal } from './planned.ts';
import { policyByHand } from './runbooks/policy-by-hand.ts';
import { securityDefaults } from './runbooks/tenant-objects.ts';
import { soundApp } from './sound-app.ts';

/**
 * What one account alone can have done about policies: nothing where a plan for the policy and all its accounts will do it;
 * a task where no policy provably breaks it, since what concerns some users or devices only is for a person to weigh.
 */
export function planPolicyRule(
  rule: 'mfa-excluded' | 'conditional-access-not-blocking',
  { account, directory }: RuleContext,
  title: string,
): Refusal {
  const app = soundApp({ account, directory });
  if (app.kind !== 'sound') return app;
  const breaking = policiesThatBreak(account, directory);
  if (breaking.length > 0) {
    return none(`Planned for each policy and all the accounts that it breaks: ${breaking.join(', ')}`);
  }
  const outcomeOf = rule === 'mfa-excluded' ? mfaOutcome : blockOutcome;
  const target = { appId: app.appId, securityAttributes: app.principal.securityAttributes };
  const [first] = directory.compiledPolicies.filter((compiled) => outcomeOf(effectOn(compiled, target)) !== null);
  const { facts } = directory;
  if (first !== undefined) {
    const byHand = { kind: 'exclude', apps: [{ account, appId: app.appId }] } as const;
    return manual(policyByHand(first.policy, title, byHand, facts.tenantId));
  }
  const isOn = itemsOf(facts.securityDefaults).some(({ isEnabled }) => isEnabled === true);
  return isOn ? manual(securityDefaults(directory, title)) : none(title);
}
