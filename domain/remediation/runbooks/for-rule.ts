import type { ServicePrincipal } from '../../model/directory.ts';
import type { Directory } from '../../rules/directory.ts';
import type { RuleContext } from '../../rules/rule.ts';
import { findStorageApp } from '../../rules/storage-app.ts';
import {
  accountKind,
  domainProperties,
  lowerSharePermission,
  refuseSharedKey,
  sharePermission,
} from './account-settings.ts';
import { collision } from './collision.ts';
import { ambiguousApp } from './ambiguous-app.ts';
import { reduceConsent } from './consent-by-hand.ts';
import { disabledPrincipal } from './disabled-principal.ts';
import { identitySource } from './identity-source.ts';
import { recreateApp } from './recreate-app.ts';
import type { ManualTask } from './task.ts';
import { appManagementPolicy, coverage, orphanedApp, securityDefaults } from './tenant-objects.ts';

/** What a person does about a rule without an action; `why` is the title of its verdict. null for a rule that has one. */
export function taskForAccountRule(rule: string, context: RuleContext, why: string): ManualTask | null {
  switch (rule) {
    case 'single-ad-source':
      return identitySource(context, why);
    case 'domain-properties-paired':
      return domainProperties(context, why);
    case 'account-supports-smb':
      return accountKind(context, why);
    case 'storage-app-present': {
      const [principal] = disabledPrincipals(context);
      return principal === undefined ? recreateApp(context, why) : disabledPrincipal(context, principal);
    }
    case 'storage-app-unambiguous':
      return ambiguousApp(context, why);
    case 'spn-set-complete':
    case 'sp-password-expiry':
      return recreateApp(context, why);
    case 'consent-minimal': {
      const [principal] = principalsOf(context);
      return principal === undefined ? ambiguousApp(context, why) : reduceConsent(context, principal, why);
    }
    case 'share-permission-assigned':
      return sharePermission(context, why);
    case 'default-share-permission-not-elevated':
      return lowerSharePermission(context, why);
    case 'identity-not-bypassed':
      return refuseSharedKey(context, why);
    default:
      return null;
  }
}

/** The same for rules about the tenant and about the audit itself. @param subject of the finding */
export function taskForTenantRule(rule: string, subject: string, directory: Directory, why: string): ManualTask | null {
  switch (rule) {
    case 'security-defaults-off-or-accepted':
      return securityDefaults(directory, why);
    case 'app-management-policy-allows-rotation':
      return appManagementPolicy(directory, why);
    case 'storage-app-not-orphaned':
      return orphanedApp(directory, subject, why);
    case 'coverage-lost':
      return coverage(directory.facts.tenantId, subject, why);
    case 'remediation-collision':
      return collision(directory.facts.tenantId, subject, why);
    default:
      return null;
  }
}

function disabledPrincipals({ account, directory }: RuleContext): readonly ServicePrincipal[] {
  const search = findStorageApp(account, directory);
  if (search.state !== 'found') return [];
  return search.candidates.flatMap(({ principal }) => (principal.state === 'disabled' ? [principal.object] : []));
}

function principalsOf({ account, directory }: RuleContext): readonly ServicePrincipal[] {
  const search = findStorageApp(account, directory);
  if (search.state !== 'found') return [];
  return search.candidates.flatMap(({ principal }) => ('object' in principal ? [principal.object] : []));
}
