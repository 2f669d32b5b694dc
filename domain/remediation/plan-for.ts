import type { Collection } from '../model/collection.ts';
import type { StorageAccount } from '../model/storage-account.ts';
import type { Directory } from '../rules/directory.ts';
import { accountRules } from '../rules/index.ts';
import type { RuleContext } from '../rules/rule.ts';
import { danglingExclusions, type ExclusionRequest } from './dangling-exclusions.ts';
import type { FormerApps } from './former-apps.ts';
import { planAes256Kerberos } from './plan-aes256-kerberos.ts';
import { planAssignment } from './plan-assignment.ts';
import { planCloudGroupTag } from './plan-cloud-group-tag.ts';
import { consentFacts, planConsent } from './plan-consent.ts';
import { planDanglingExclusion } from './plan-dangling-exclusion.ts';
import { planMissingScopes } from './plan-missing-scopes.ts';
import { planOrphanedExclusion } from './plan-orphaned-exclusion.ts';
import { planPolicyExclusion, type PolicyRequest } from './plan-policy-exclusion.ts';
import { planPolicyRule } from './plan-policy-rule.ts';
import { planPrivateLinkUris } from './plan-privatelink-uris.ts';
import { manual, none, type Planned } from './planned.ts';
import { IdMalformed } from './plan-url.ts';
import { taskForAccountRule, taskForTenantRule } from './runbooks/for-rule.ts';

/** The rules about an account that plans mend, with the actions that do. A policy's plan is made for all accounts at once. */
export const actionsByRule: Readonly<Record<string, readonly string[]>> = {
  'consent-granted': ['grant-consent', 'add-missing-scopes'],
  'app-assignment-not-required': ['assignment-not-required'],
  'private-link-spn': ['add-privatelink-uris'],
  'cloud-only-group-tag': ['add-cloud-group-tag'],
  'kerberos-aes256-allowed': ['allow-aes256-kerberos'],
  'mfa-excluded': ['exclude-app-from-policy'],
  'conditional-access-not-blocking': ['exclude-app-from-policy'],
  'mfa-exclusion-not-orphaned': ['replace-dangling-exclusion', 'remove-orphaned-exclusion'],
};

/**
 * What mends what a rule finds wrong with an account now: a plan, a task for a person, or why neither. A rule that passes,
 * or cannot say, has nothing to mend. Policies are planned by `planForPolicy`.
 */
export function planFor(rule: string, context: RuleContext): Planned {
  const about = accountRules.find(({ id }) => id === rule);
  if (about === undefined) return none(`No rule about an account is called ${rule}`);
  const { outcome, title } = about.evaluate(context);
  if (outcome !== 'fail' && outcome !== 'warn') return none(title);
  const task = taskForAccountRule(rule, context, title);
  return task === null ? answering(() => planOf(rule, context, title)) : manual(task);
}

/** The same for a policy that findings of these accounts name: one plan for all whose apps it breaks. */
export function planForPolicy(request: PolicyRequest): Planned {
  return answering(() => planPolicyExclusion(request));
}

/** A finding about the tenant, and what its plans rest on. */
export interface TenantRequest {
  readonly rule: string;
  /** Of the finding. */
  readonly subject: string;
  /** Title of the finding. */
  readonly title: string;
  readonly directory: Directory;
  readonly storageAccounts: Collection<StorageAccount>;
  /** null: the history was not read. */
  readonly formerApps: FormerApps | null;
  /** Apps that were deleted and can be restored, lower case; null: not read. */
  readonly restorable: ReadonlySet<string> | null;
}

/** The same for a finding about the tenant. */
export function planForTenant(request: TenantRequest): Planned {
  const { rule, subject, directory, title } = request;
  const task = taskForTenantRule(rule, subject, directory, title);
  if (task !== null) return manual(task);
  if (rule !== 'mfa-exclusion-not-orphaned') return none(`No rule about the tenant is called ${rule}`);
  const [policyId, appId, ...rest] = subject.split(':');
  if (policyId === undefined || appId === undefined || rest.length > 0) {
    return none('The finding names no policy and app by their ids');
  }
  return planForExclusions({ ...request, policyId, appIds: [appId] });
}

/**
 * One plan for what is left over among a policy's exclusions: replaces those whose account is known; where there are none,
 * removes those that nobody needs.
 */
export function planForExclusions(request: ExclusionRequest): Planned {
  return answering(() => {
    const dangling = danglingExclusions(request);
    const replaces = dangling.kind === 'dangling' && dangling.exclusions.some(({ kind }) => kind === 'former');
    return replaces ? planDanglingExclusion(request) : planOrphanedExclusion(request);
  });
}

function planOf(rule: string, context: RuleContext, title: string): Planned {
  switch (rule) {
    case 'consent-granted': {
      const facts = consentFacts(context);
      const hasSome = facts.kind === 'consent' && facts.tenantWide.length > 0;
      return hasSome ? planMissingScopes(context) : planConsent(context);
    }
    case 'app-assignment-not-required':
      return planAssignment(context);
    case 'private-link-spn':
      return planPrivateLinkUris(context);
    case 'cloud-only-group-tag':
      return planCloudGroupTag(context);
    case 'kerberos-aes256-allowed':
      return planAes256Kerberos(context);
    case 'mfa-excluded':
    case 'conditional-access-not-blocking':
      return planPolicyRule(rule, context, title);
    default:
      return none(`The rule ${rule} has neither a plan nor a task`);
  }
}

/** An id that may be put into no URL is a reason not to plan. */
function answering(plan: () => Planned): Planned {
  try {
    return plan();
  } catch (error) {
    if (error instanceof IdMalformed) return none(error.message);
    throw error;
  }
}
