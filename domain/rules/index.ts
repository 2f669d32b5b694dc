import type { Settings } from '../model/settings.ts';
import type { Verdict } from '../model/verdict.ts';
import { accountSupportsSmb } from './account-supports-smb.ts';
import { appAssignmentNotRequired } from './app-assignment-not-required.ts';
import { appManagementPolicyAllowsRotation } from './app-management-policy-allows-rotation.ts';
import { cloudOnlyGroupTag } from './cloud-only-group-tag.ts';
import { conditionalAccessNotBlocking } from './conditional-access-not-blocking.ts';
import { consentGranted } from './consent-granted.ts';
import { consentMinimal } from './consent-minimal.ts';
import { coverageLost } from './coverage-lost.ts';
import { defaultSharePermissionNotElevated } from './default-share-permission-not-elevated.ts';
import { domainPropertiesPaired } from './domain-properties-paired.ts';
import { identityNotBypassed } from './identity-not-bypassed.ts';
import { kerberosAes256Allowed } from './kerberos-aes256-allowed.ts';
import { mfaExcluded } from './mfa-excluded.ts';
import { mfaExclusionNotOrphaned } from './mfa-exclusion-not-orphaned.ts';
import { privateLinkSpn } from './private-link-spn.ts';
import { isEnabled, withSeverity } from './rule-settings.ts';
import type {
  AccountRule,
  OperationContext,
  OperationRule,
  Rule,
  RuleContext,
  TenantContext,
  TenantRule,
  TenantVerdicts,
} from './rule.ts';
import { remediationCollision } from './remediation-collision.ts';
import { securityDefaultsOffOrAccepted } from './security-defaults-off-or-accepted.ts';
import { sharePermissionAssigned } from './share-permission-assigned.ts';
import { singleAdSource } from './single-ad-source.ts';
import { spPasswordExpiry } from './sp-password-expiry.ts';
import { spnSetComplete } from './spn-set-complete.ts';
import { storageAppNotOrphaned } from './storage-app-not-orphaned.ts';
import { storageAppPresent } from './storage-app-present.ts';
import { storageAppUnambiguous } from './storage-app-unambiguous.ts';

/** Every rule about one account, in the order in which a person would look. */
export const accountRules: readonly AccountRule[] = [
  singleAdSource,
  domainPropertiesPaired,
  accountSupportsSmb,
  storageAppPresent,
  storageAppUnambiguous,
  appAssignmentNotRequired,
  spnSetComplete,
  privateLinkSpn,
  mfaExcluded,
  conditionalAccessNotBlocking,
  consentGranted,
  consentMinimal,
  spPasswordExpiry,
  kerberosAes256Allowed,
  cloudOnlyGroupTag,
  sharePermissionAssigned,
  defaultSharePermissionNotElevated,
  identityNotBypassed,
];

/** Every rule about the tenant as a whole. */
export const tenantRules: readonly TenantRule[] = [
  securityDefaultsOffOrAccepted,
  appManagementPolicyAllowsRotation,
  mfaExclusionNotOrphaned,
  storageAppNotOrphaned,
];

/** Every rule about the audit's own work. */
export const operationRules: readonly OperationRule[] = [coverageLost, remediationCollision];

export const rules: readonly Rule[] = [...accountRules, ...tenantRules, ...operationRules];

/** The rules that settings leave on. */
export function enabledRules(settings: Settings): readonly Rule[] {
  return rules.filter((rule) => isEnabled(rule, settings));
}

/** What every switched-on rule says of one account, with the severities and thresholds that settings give. */
export function evaluateAccount(
  context: RuleContext,
): readonly { readonly rule: AccountRule; readonly verdict: Verdict }[] {
  return accountRules
    .filter((rule) => isEnabled(rule, context.settings))
    .map((rule) => ({ rule, verdict: told(rule, rule.evaluate(context), context.settings) }));
}

/** What every switched-on rule says of the tenant, with the severities and thresholds that settings give. */
export function evaluateTenant(context: TenantContext): readonly ({ readonly rule: TenantRule } & TenantVerdicts)[] {
  return tenantRules
    .filter((rule) => isEnabled(rule, context.settings))
    .map((rule) => ({ rule, ...toldOf(rule, rule.evaluate(context), context.settings) }));
}

/** What every switched-on rule says of a run's own work, with the severities that settings give. */
export function evaluateOperation(
  context: OperationContext,
  settings: Settings,
): readonly ({ readonly rule: OperationRule } & TenantVerdicts)[] {
  return operationRules
    .filter((rule) => isEnabled(rule, settings))
    .map((rule) => ({ rule, ...toldOf(rule, rule.evaluate(context), settings) }));
}

function toldOf(rule: Rule, { subjects, others }: TenantVerdicts, settings: Settings): TenantVerdicts {
  return {
    subjects: subjects.map(({ subject, verdict }) => ({ subject, verdict: told(rule, verdict, settings) })),
    others: told(rule, others, settings),
  };
}

/** With the severity that settings give, and in evidence where it was read, which a rule need not say itself. */
function told(rule: Rule, verdict: Verdict, settings: Settings): Verdict {
  const { evidence } = verdict;
  const sourced = 'readFrom' in evidence ? verdict : { ...verdict, evidence: { ...evidence, readFrom: rule.needs } };
  return withSeverity(sourced, settings.rules[rule.id]?.severity ?? null);
}
