import { applicationReadAll, type GraphPermission, type Permission, policyReadAll } from '../model/permissions.ts';
import type { actionRisks } from './actions.ts';

/** What carrying out an action takes. */
export interface ActionPermissions {
  /** What it does, in a line. */
  readonly does: string;
  readonly permissions: readonly Permission[];
  /** What the permission lets its holder do beyond the action; null where that is not worth a warning. */
  readonly beware: string | null;
  /** Whether this version carries it out; else a person does, and nothing is gained by granting the permission. */
  readonly carriedOut: boolean;
}

const writeGrants = graph('DelegatedPermissionGrant.ReadWrite.All', '8e8e4742-1d95-4f68-9d56-6ee75648c72a');
const writeApplications = graph('Application.ReadWrite.All', '1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9');
const writePolicies = graph('Policy.ReadWrite.ConditionalAccess', '01c0a623-fc9b-48e9-b794-0756f8e8f067');
const changesPolicies = [writePolicies, policyReadAll, applicationReadAll];

const anyGrant = 'It can grant any delegated permission to any application of the tenant.';
const anyApplication = 'It can change any application of the tenant, its passwords too.';
const anyPolicy = 'It can change or remove any Conditional Access policy.';

/** The remediator's permissions by action (domain facts 5). */
export const actionPermissions: Readonly<Record<keyof typeof actionRisks, ActionPermissions>> = {
  'grant-consent': {
    does: 'grants tenant-wide consent for openid, profile and User.Read where the app has none',
    permissions: [writeGrants],
    beware: anyGrant,
    carriedOut: true,
  },
  'add-missing-scopes': {
    does: 'adds missing scopes to a consent that is there',
    permissions: [writeGrants],
    beware: anyGrant,
    carriedOut: true,
  },
  'add-privatelink-uris': {
    does: 'adds the private link names to the application',
    permissions: [writeApplications],
    beware: anyApplication,
    carriedOut: true,
  },
  'assignment-not-required': {
    does: 'sets "assignment required" of the service principal to no',
    permissions: [writeApplications],
    beware: anyApplication,
    carriedOut: true,
  },
  'add-cloud-group-tag': {
    does: 'adds the tag that puts cloud-only groups into tickets',
    permissions: [writeApplications],
    beware: anyApplication,
    carriedOut: true,
  },
  'remove-orphaned-exclusion': {
    does: 'takes app ids that are gone off the exclusions of a policy',
    permissions: changesPolicies,
    beware: anyPolicy,
    carriedOut: true,
  },
  'exclude-app-from-policy': {
    does: 'excludes the storage app from a policy',
    permissions: changesPolicies,
    beware: anyPolicy,
    carriedOut: true,
  },
  'replace-dangling-exclusion': {
    does: 'puts the new app id in the place of the old one in the exclusions of a policy',
    permissions: changesPolicies,
    beware: anyPolicy,
    carriedOut: true,
  },
  'allow-aes256-kerberos': {
    does: "allows Kerberos with AES-256 in the account's SMB settings",
    permissions: [
      {
        api: 'azure',
        name: 'Microsoft.Storage/storageAccounts/fileServices/write',
        role: 'Storage Account Contributor',
      },
    ],
    beware: 'The role can also list and regenerate the account keys; a custom role with this one action cannot.',
    carriedOut: true,
  },
};

/** What the remediator reads before it writes, to plan a repair again from facts of that moment. */
export const replanningReads =
  "Everything it plans from is read again first, so it needs the auditor's read permissions as well. With AuditLog.Read.All it also looks up afterwards whether a write replaced a change that somebody had made a moment before; without, each job says that this is not known. It takes the same permission to see who made an app, before a write that nobody approves and for whoever decides.";

function graph(name: string, appRoleId: string): GraphPermission {
  return { api: 'graph', name, appRoleId };
}
