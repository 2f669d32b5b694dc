import { accountSupportsSmbPage } from './account-supports-smb.ts';
import { appAssignmentNotRequiredPage } from './app-assignment-not-required.ts';
import { appManagementPolicyAllowsRotationPage } from './app-management-policy-allows-rotation.ts';
import { cloudOnlyGroupTagPage } from './cloud-only-group-tag.ts';
import { conditionalAccessNotBlockingPage } from './conditional-access-not-blocking.ts';
import { consentGrantedPage } from './consent-granted.ts';
import { consentMinimalPage } from './consent-minimal.ts';
import { coverageLostPage } from './coverage-lost.ts';
import { defaultSharePermissionNotElevatedPage } from './default-share-permission-not-elevated.ts';
import { domainPropertiesPairedPage } from './domain-properties-paired.ts';
import { identityNotBypassedPage } from './identity-not-bypassed.ts';
import { kerberosAes256AllowedPage } from './kerberos-aes256-allowed.ts';
import { mfaExcludedPage } from './mfa-excluded.ts';
import { mfaExclusionNotOrphanedPage } from './mfa-exclusion-not-orphaned.ts';
import type { RulePage } from './page.ts';
import { privateLinkSpnPage } from './private-link-spn.ts';
import { remediationCollisionPage } from './remediation-collision.ts';
import { securityDefaultsOffOrAcceptedPage } from './security-defaults-off-or-accepted.ts';
import { sharePermissionAssignedPage } from './share-permission-assigned.ts';
import { singleAdSourcePage } from './single-ad-source.ts';
import { spPasswordExpiryPage } from './sp-password-expiry.ts';
import { spnSetCompletePage } from './spn-set-complete.ts';
import { storageAppNotOrphanedPage } from './storage-app-not-orphaned.ts';
import { storageAppPresentPage } from './storage-app-present.ts';
import { storageAppUnambiguousPage } from './storage-app-unambiguous.ts';

/** The page of every rule, in the order of their ids. */
export const rulePages: readonly RulePage[] = [
  accountSupportsSmbPage,
  appAssignmentNotRequiredPage,
  appManagementPolicyAllowsRotationPage,
  cloudOnlyGroupTagPage,
  conditionalAccessNotBlockingPage,
  consentGrantedPage,
  consentMinimalPage,
  coverageLostPage,
  defaultSharePermissionNotElevatedPage,
  domainPropertiesPairedPage,
  identityNotBypassedPage,
  kerberosAes256AllowedPage,
  mfaExcludedPage,
  mfaExclusionNotOrphanedPage,
  privateLinkSpnPage,
  remediationCollisionPage,
  securityDefaultsOffOrAcceptedPage,
  sharePermissionAssignedPage,
  singleAdSourcePage,
  spPasswordExpiryPage,
  spnSetCompletePage,
  storageAppNotOrphanedPage,
  storageAppPresentPage,
  storageAppUnambiguousPage,
];

/** @throws RangeError for a rule without a page, which a test keeps from happening. */
export function pageOf(ruleId: string): RulePage {
  const page = rulePages.find(({ rule }) => rule === ruleId);
  if (page === undefined) throw new RangeError(`Rule ${ruleId} has no page in domain/rules/pages`);
  return page;
}
