import type { ActionName } from '../../domain/remediation/actions.ts';
import type { PlannedCall, PlanTarget } from '../../domain/remediation/plan.ts';
import type { Json } from '../../domain/model/verdict.ts';

/** One write of an action, and what the read that guards it answers. */
export interface SampleWrite {
  readonly rule: string;
  readonly target: PlanTarget;
  readonly call: PlannedCall;
  /** What the read of the call answers before, once it is in effect, and when somebody else was there first. */
  readonly answers: { readonly before: unknown; readonly after: unknown; readonly changed: unknown };
}

type NewGuid = () => string;
type Members = Readonly<Record<string, Json>>;

const name = '[Storage Account] conformance';
const neededScopes = 'openid profile User.Read';

/** What each action writes, as its plans do (domain facts 5), to objects that nobody has. */
export const sampleWrites: Readonly<Record<ActionName, (newGuid: NewGuid) => SampleWrite>> = {
  'grant-consent': consent,
  'add-missing-scopes': (newGuid) => {
    const grant = { clientId: newGuid(), consentType: 'AllPrincipals', resourceId: newGuid() };
    const [old, scope] = [' openid', ` openid profile User.Read`];
    return replaced('consent-granted', {
      type: 'oauth2PermissionGrant',
      path: 'oauth2PermissionGrants',
      id: newGuid(),
      permission: 'DelegatedPermissionGrant.ReadWrite.All',
      before: { ...grant, scope: old },
      change: { scope },
      theirs: { scope: ' openid Mail.Read' },
    });
  },
  'add-privatelink-uris': (newGuid) => applicationList('private-link-spn', 'identifierUris', newGuid),
  'add-cloud-group-tag': (newGuid) => applicationList('cloud-only-group-tag', 'tags', newGuid),
  'assignment-not-required': (newGuid) =>
    replaced('app-assignment-not-required', {
      type: 'servicePrincipal',
      path: 'servicePrincipals',
      id: newGuid(),
      permission: 'Application.ReadWrite.All',
      before: { appId: newGuid(), accountEnabled: true, appRoleAssignmentRequired: true },
      change: { appRoleAssignmentRequired: false },
      theirs: { accountEnabled: false },
    }),
  'exclude-app-from-policy': (newGuid) => {
    const kept = newGuid();
    return policy('mfa-excluded', [kept], [kept, newGuid()], newGuid);
  },
  'replace-dangling-exclusion': (newGuid) => policy('mfa-exclusion-not-orphaned', [newGuid()], [newGuid()], newGuid),
  'remove-orphaned-exclusion': (newGuid) => {
    const kept = newGuid();
    return policy('mfa-exclusion-not-orphaned', [kept, newGuid()], [kept], newGuid);
  },
  'allow-aes256-kerberos': fileService,
};

function consent(newGuid: NewGuid): SampleWrite {
  const clientId = newGuid();
  const grant = { clientId, consentType: 'AllPrincipals', resourceId: newGuid(), scope: neededScopes };
  const url = '/v1.0/oauth2PermissionGrants';
  return {
    rule: 'consent-granted',
    target: { type: 'servicePrincipal', id: clientId, name },
    call: {
      method: 'POST',
      url,
      body: grant,
      permission: 'DelegatedPermissionGrant.ReadWrite.All',
      reads: { url: `${url}?$filter=clientId%20eq%20'${clientId}'`, expect: { '/value': [] } },
      undo: { method: 'DELETE', url: `${url}/{id}`, body: null },
      before: null,
      after: grant,
    },
    answers: {
      before: { value: [] },
      after: { value: [{ id: 'made-by-the-recorder', ...grant }] },
      changed: { value: [{ id: 'made-by-somebody', ...grant, scope: 'openid' }] },
    },
  };
}

interface Replacing {
  readonly type: PlanTarget['type'];
  readonly path: string;
  readonly id: string;
  readonly permission: string;
  /** All that the read shows. */
  readonly before: Members;
  readonly change: Members;
  /** What somebody else made of it. */
  readonly theirs: Members;
}

/** A PATCH of some members of an object of Microsoft Graph, guarded by all that are read. */
function replaced(rule: string, { type, path, id, permission, before, change, theirs }: Replacing): SampleWrite {
  const url = `/v1.0/${path}/${id}`;
  const after = { ...before, ...change };
  const old = Object.fromEntries(Object.keys(change).map((member) => [member, before[member] ?? null]));
  return {
    rule,
    target: { type, id, name },
    call: {
      method: 'PATCH',
      url,
      body: change,
      permission,
      reads: {
        url: `${url}?$select=${Object.keys(before).join(',')}`,
        expect: pointers(before),
        afterwards: pointers(after),
      },
      undo: { method: 'PATCH', url, body: old },
      before: old,
      after: change,
    },
    answers: { before, after, changed: { ...before, ...theirs } },
  };
}

function applicationList(rule: string, member: 'identifierUris' | 'tags', newGuid: NewGuid): SampleWrite {
  const [appId, first, added] = [newGuid(), `api://${newGuid()}`, `api://${newGuid()}`];
  return replaced(rule, {
    type: 'application',
    path: 'applications',
    id: newGuid(),
    permission: 'Application.ReadWrite.All',
    before: { appId, [member]: [first] },
    change: { [member]: [first, added] },
    theirs: { [member]: [first, 'api://of-somebody'] },
  });
}

function policy(rule: string, old: readonly string[], excluded: readonly string[], newGuid: NewGuid): SampleWrite {
  const conditions = (excludeApplications: readonly string[]) => ({
    applications: { includeApplications: ['All'], excludeApplications },
  });
  return replaced(rule, {
    type: 'conditionalAccessPolicy',
    path: 'identity/conditionalAccess/policies',
    id: newGuid(),
    permission: 'Policy.ReadWrite.ConditionalAccess',
    before: { modifiedDateTime: '2026-03-04T05:06:07Z', conditions: conditions(old) },
    change: { conditions: conditions(excluded) },
    theirs: { modifiedDateTime: '2026-03-04T05:07:08Z', conditions: conditions([...old, newGuid()]) },
  });
}

/** A whole PUT, in which what is not sent along is lost. */
function fileService(newGuid: NewGuid): SampleWrite {
  const properties = (authenticationMethods: string, kerberosTicketEncryption: string, days: number) => ({
    protocolSettings: { smb: { versions: 'SMB3.1.1;', authenticationMethods, kerberosTicketEncryption } },
    cors: { corsRules: [] },
    shareDeleteRetentionPolicy: { enabled: true, days },
  });
  const [old, next] = [properties('NTLMv2;', 'RC4-HMAC;', 14), properties('NTLMv2;Kerberos;', 'RC4-HMAC;AES-256;', 14)];
  const id = `/subscriptions/${newGuid()}/resourcegroups/conformance/providers/microsoft.storage/storageaccounts/conformance`;
  const url = `${id}/fileServices/default?api-version=2025-08-01`;
  return {
    rule: 'kerberos-aes256-allowed',
    target: { type: 'storageAccount', id, name: 'conformance' },
    call: {
      method: 'PUT',
      url,
      body: { properties: next },
      permission: 'Microsoft.Storage/storageAccounts/fileServices/write',
      reads: { url, expect: { '/properties': old }, afterwards: { '/properties': next } },
      undo: { method: 'PUT', url, body: { properties: old } },
      before: old,
      after: next,
    },
    answers: {
      before: { properties: old },
      after: { properties: next },
      changed: { properties: properties('NTLMv2;', 'RC4-HMAC;', 7) },
    },
  };
}

function pointers(members: Members): Members {
  return Object.fromEntries(Object.entries(members).map(([member, value]) => [`/${member}`, value]));
}
