import type { WireObject } from '../azure/wire-object.ts';
import type { AccessPlan, AccountPlan } from './account-plan.ts';
import { appIdOf, businessAppIdOf, formerAppIdOf } from './directory-ids.ts';
import { daysFrom, guidFor } from './names.ts';
import { policy, type PolicyParts } from './policy.ts';

const everyone = { includeUsers: ['All'], excludeGroups: [guidFor('group/break-glass')] };
const mfa = { operator: 'OR', builtInControls: ['mfa'] };
const strength = {
  operator: 'OR',
  builtInControls: [],
  authenticationStrength: {
    id: '00000000-0000-0000-0000-000000000004',
    displayName: 'Phishing-resistant MFA',
    policyType: 'builtIn',
    requirementsSatisfied: 'mfa',
    allowedCombinations: ['windowsHelloForBusiness', 'fido2', 'x509CertificateMultiFactor'],
  },
};

/**
 * The Conditional Access policies. Those that demand MFA for all apps exclude every storage app that is set up well;
 * the apps of accounts that are not are simply missing there, or are named by a policy of their own.
 */
export function conditionalAccessPolicies(plans: readonly AccountPlan[], now: Date): WireObject[] {
  const withApp = plans.filter(({ app }) => app !== undefined && app !== 'missing');
  const excludedFrom = (...missing: AccessPlan[]): string[] =>
    withApp
      .filter(({ access }) => access !== undefined && !missing.includes(access))
      .map((plan) => (plan.access === 'dangling' ? formerAppIdOf(plan) : appIdOf(plan)));
  const exactly = (access: AccessPlan): string[] => withApp.filter((plan) => plan.access === access).map(appIdOf);
  const excluded = excludedFrom('not-excluded');
  const allApps = (excludeApplications: string[]): WireObject => ({
    includeApplications: ['All'],
    excludeApplications,
  });

  const parts: readonly PolicyParts[] = [
    { name: 'Require MFA for all users', applications: allApps(excluded), users: everyone, grant: mfa },
    {
      name: 'Report-only: phishing-resistant MFA for all users',
      state: 'enabledForReportingButNotEnforced',
      applications: allApps(excludedFrom('not-excluded', 'report-only')),
      users: everyone,
      grant: strength,
    },
    {
      name: 'Require MFA for administrators',
      applications: allApps(excluded),
      users: { includeRoles: ['62e90394-69f5-4237-9190-012177145e10', '194ae4cb-b126-40b2-bd5b-6091b380977d'] },
      grant: mfa,
    },
    {
      name: 'Require MFA for guests',
      applications: allApps(excludedFrom('not-excluded', 'guests')),
      users: {
        includeGuestsOrExternalUsers: {
          guestOrExternalUserTypes: 'internalGuest,b2bCollaborationGuest,b2bCollaborationMember',
          externalTenants: {
            '@odata.type': '#microsoft.graph.conditionalAccessAllExternalTenants',
            membershipKind: 'all',
          },
        },
      },
      grant: mfa,
    },
    {
      name: 'Payroll: MFA for finance clerks',
      applications: {
        includeApplications: [businessAppIdOf('Contoso Payroll Portal'), ...exactly('explicit-for-groups')],
      },
      users: { includeGroups: [guidFor('group/finance-clerks'), guidFor('group/finance-leads')] },
      grant: { operator: 'AND', builtInControls: ['mfa', 'compliantDevice'] },
    },
    {
      name: 'Treasury: phishing-resistant MFA',
      applications: { includeApplications: exactly('authentication-strength') },
      users: everyone,
      grant: strength,
    },
    {
      name: 'Labs: MFA or compliant device',
      applications: { includeApplications: exactly('mfa-or-compliant-device') },
      users: everyone,
      grant: { operator: 'OR', builtInControls: ['mfa', 'compliantDevice', 'domainJoinedDevice'] },
    },
    {
      name: 'Travel: MFA outside trusted locations',
      applications: { includeApplications: exactly('untrusted-location') },
      users: everyone,
      grant: mfa,
      conditions: { locations: { includeLocations: ['All'], excludeLocations: ['AllTrusted'] } },
    },
    {
      name: 'Pilot: verified identity',
      applications: { includeApplications: exactly('unknown-control') },
      users: everyone,
      grant: { operator: 'OR', builtInControls: ['verifiedIdentityPresence'] },
    },
    {
      name: 'Block the legacy HR portal',
      applications: { includeApplications: [businessAppIdOf('Contoso HR Portal (legacy)')] },
      users: everyone,
      grant: { operator: 'OR', builtInControls: ['block'] },
    },
    {
      name: 'Require a compliant device',
      applications: { includeApplications: ['All'] },
      users: everyone,
      grant: { operator: 'OR', builtInControls: ['compliantDevice', 'domainJoinedDevice'] },
    },
    {
      name: 'Sign in again every day',
      applications: { includeApplications: ['All'] },
      users: everyone,
      grant: null,
      session: { signInFrequency: { value: 1, type: 'days', isEnabled: true, frequencyInterval: 'timeBased' } },
    },
    {
      name: 'Secure registration of security info',
      applications: { includeApplications: [], includeUserActions: ['urn:user:registersecurityinfo'] },
      users: everyone,
      grant: mfa,
    },
    {
      name: 'Office 365: MFA',
      applications: { includeApplications: ['Office365'] },
      users: everyone,
      grant: mfa,
    },
    {
      name: 'Admin portals: phishing-resistant MFA',
      applications: { includeApplications: ['MicrosoftAdminPortals'] },
      users: everyone,
      grant: strength,
    },
    {
      name: 'Old: MFA everywhere (replaced)',
      state: 'disabled',
      applications: { includeApplications: ['All'] },
      users: everyone,
      grant: mfa,
    },
    {
      name: 'Workload identities: block outside the datacentre',
      applications: { includeApplications: ['All'] },
      users: { includeUsers: ['None'] },
      grant: { operator: 'OR', builtInControls: ['block'] },
      conditions: {
        clientApplications: { includeServicePrincipals: ['ServicePrincipalsInMyTenant'], excludeServicePrincipals: [] },
        locations: { includeLocations: ['All'], excludeLocations: ['AllTrusted'] },
      },
    },
    {
      name: 'Block the file shares of the old stores',
      applications: { includeApplications: exactly('blocked') },
      users: everyone,
      grant: { operator: 'OR', builtInControls: ['block'] },
    },
  ];
  return parts.map((part, index) => policy(part, daysFrom(now, -700 + index * 11), daysFrom(now, -90 + index)));
}

/** The places that policies can name. */
export function namedLocations(now: Date): WireObject[] {
  return ['Head office', 'Datacentre', 'Stores'].map((displayName, index) => ({
    '@odata.type': '#microsoft.graph.ipNamedLocation',
    id: guidFor(`location/${displayName}`),
    displayName,
    createdDateTime: daysFrom(now, -800).toISOString(),
    modifiedDateTime: null,
    isTrusted: index < 2,
    ipRanges: [{ '@odata.type': '#microsoft.graph.iPv4CidrRange', cidrAddress: `198.51.100.${String(index * 64)}/26` }],
  }));
}
