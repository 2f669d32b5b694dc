import { isId } from '../conditional-access/wire-words.ts';
import type { Finding } from '../findings/finding.ts';
import { actionsByRule } from './plan-for.ts';

/**
 * What is planned apart from any one finding's transition: for a policy all that it breaks, or all its exclusions that are
 * left over, and for an account what one rule finds. Ids in lower case.
 */
export type Repair =
  | { readonly of: 'policy'; readonly policyId: string }
  | { readonly of: 'exclusions'; readonly policyId: string }
  | { readonly of: 'account'; readonly accountId: string; readonly rule: string };

/** The action whose plans and tasks are made for a policy and all its accounts at once. */
export const policyAction = 'exclude-app-from-policy';
const exclusionsRule = 'mfa-exclusion-not-orphaned';

/** Whether a finding of the rule is mended by changing the policies that decided it. */
export function isPolicyRule(rule: string): boolean {
  return actionsByRule[rule]?.includes(policyAction) === true;
}

/**
 * The repairs of policies that a finding calls for; none for a finding that its own job mends. A policy is known by its
 * id alone: an export may name one otherwise.
 */
export function policyRepairsOf({ rule, account, subject, deciders }: Finding): readonly Repair[] {
  if (account !== null) {
    if (!isPolicyRule(rule)) return [];
    return deciders.filter(isId).map((id) => ({ of: 'policy', policyId: id.toLowerCase() }));
  }
  const exclusion = rule === exclusionsRule ? exclusionOf(subject) : null;
  return exclusion === null ? [] : [{ of: 'exclusions', policyId: exclusion.policyId }];
}

/** All repairs that a finding calls for: that of its own job, or those of policies. None where nothing is known to be broken. */
export function repairsOf(finding: Finding): readonly Repair[] {
  const { rule, account, outcome } = finding;
  if (outcome !== 'fail') return [];
  if (account === null || isPolicyRule(rule)) return policyRepairsOf(finding);
  return rule in actionsByRule ? [{ of: 'account', accountId: account.key, rule }] : [];
}

/** The policy and the app that a finding of an exclusion is about, lower case; null for one that names neither by id. */
export function exclusionOf(subject: string): { readonly policyId: string; readonly appId: string } | null {
  const [policyId, appId, ...rest] = subject.toLowerCase().split(':');
  if (policyId === undefined || appId === undefined || rest.length > 0) return null;
  return isId(policyId) && isId(appId) ? { policyId, appId } : null;
}

/** Whether an open finding is one of those that the repair mends. */
export function isMendedBy(repair: Repair, finding: Finding): boolean {
  if (finding.outcome !== 'fail') return false;
  if (repair.of === 'account') return finding.account?.key === repair.accountId && finding.rule === repair.rule;
  return policyRepairsOf(finding).some((one) => repairKey(one) === repairKey(repair));
}

/** The actions of which a repair makes one. */
export function actionsOf(repair: Repair): readonly string[] {
  switch (repair.of) {
    case 'policy':
      return [policyAction];
    case 'exclusions':
      return actionsByRule[exclusionsRule] ?? [];
    case 'account':
      return actionsByRule[repair.rule] ?? [];
  }
}

/** The same text for the same repair. */
export function repairKey(repair: Repair): string {
  return repair.of === 'account' ? `account|${repair.accountId}|${repair.rule}` : `${repair.of}|${repair.policyId}`;
}
