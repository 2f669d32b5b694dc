import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CollectionName, itemsOf } from '../../../domain/model/collection.ts';
import { indexDirectory } from '../../../domain/rules/directory.ts';
import { evaluateAccount } from '../../../domain/rules/index.ts';
import { indexResources } from '../../../domain/rules/resources.ts';
import { readEstateFacts } from '../../../infra/facts.ts';
import { createLocalAzure, type LocalAzure } from '../../../infra/local/azure/server.ts';
import { loadTenant, type LocalTenant } from '../../../infra/local/azure/tenant.ts';
import { isWireObject, objectOf, textOf, valueAt, type WireObject } from '../../../infra/local/azure/wire-object.ts';
import { defaultSettings } from '../../../infra/settings/parse-settings.ts';
import { openDirectoryFiles } from '../../../infra/snapshot/directory-files.ts';
import { openSnapshot } from '../../../infra/snapshot/open-snapshot.ts';
import { generateSampleTenant, writeSampleTenant } from '../../../infra/local/sample-tenant/generate.ts';

const now = new Date('2026-11-21T10:00:00Z');
let directory: string;
let tenant: LocalTenant;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kerbwatch-sample-'));
  await writeSampleTenant(directory, { now });
  tenant = await loadTenant(directory);
});

afterAll(async () => {
  await rm(directory, { recursive: true });
});

function all(name: CollectionName): WireObject[] {
  return [...(tenant.collections.get(name)?.values() ?? [])];
}

function one(name: CollectionName, key: string, value: string): WireObject {
  const found = all(name).find((object) => object[key] === value);
  if (found === undefined) throw new Error(`No ${name} has ${key} ${value}.`);
  return found;
}

function textsAt(object: WireObject, ...path: string[]): string[] {
  const list = valueAt(object, path);
  return Array.isArray(list) ? list.filter((item) => typeof item === 'string') : [];
}

function sourceOf(account: WireObject): string {
  const properties = objectOf(account, 'properties');
  if (!('azureFilesIdentityBasedAuthentication' in properties)) return 'absent';
  const authentication = properties['azureFilesIdentityBasedAuthentication'];
  return isWireObject(authentication) ? String(authentication['directoryServiceOptions']) : 'null';
}

/** The storage apps of an account as a checker would find them: by a name of its host. */
function principalsOf(accountName: string): WireObject[] {
  const endpoint = valueAt(one('storage-accounts', 'name', accountName), ['properties', 'primaryEndpoints', 'file']);
  const suffix = `cifs/${new URL(String(endpoint)).host}`;
  return all('service-principals').filter((principal) =>
    textsAt(principal, 'servicePrincipalNames').some((name) => name.toLowerCase().endsWith(suffix)),
  );
}

function onlyPrincipalOf(accountName: string): WireObject {
  const [principal, ...others] = principalsOf(accountName);
  if (principal === undefined || others.length > 0) throw new Error(`${accountName} has not one storage app.`);
  return principal;
}

function namesWhere(holds: (account: WireObject) => boolean): string[] {
  return all('storage-accounts')
    .filter(holds)
    .map((account) => String(account['name']));
}

const daysLeft = (principal: WireObject): number[] => {
  const passwords = principal['passwordCredentials'];
  return (Array.isArray(passwords) ? passwords.filter(isWireObject) : []).map(
    (password) => (Date.parse(String(password['endDateTime'])) - now.getTime()) / 86_400_000,
  );
};

describe('the generator', () => {
  it('gives the same bytes for the same time', () => {
    const first = generateSampleTenant({ now });

    expect([...generateSampleTenant({ now })]).toEqual([...first]);
  });

  it('keeps ids and moves dates when the time changes', () => {
    const later = generateSampleTenant({ now: new Date('2027-03-01T00:00:00Z') });
    const ids = (text: string | undefined): string[] =>
      [...(text ?? '').matchAll(/"appId":"([^"]+)"/g)].map(([id]) => id);

    expect(ids(later.get('applications.ndjson'))).toEqual(
      ids(generateSampleTenant({ now }).get('applications.ndjson')),
    );
    expect(later.get('service-principals.ndjson')).not.toBe(
      generateSampleTenant({ now }).get('service-principals.ndjson'),
    );
  });

  it('gives every object an id of its own, and accounts names that Azure accepts', () => {
    for (const [file, text] of generateSampleTenant({ now })) {
      if (!file.endsWith('.ndjson')) continue;
      const lines = text.trimEnd().split('\n');
      expect(tenant.collections.get(file.replace('.ndjson', '') as CollectionName)?.size, file).toBe(lines.length);
    }
    for (const account of all('storage-accounts')) expect(account['name']).toMatch(/^[a-z0-9]{3,24}$/);
  });
});

describe('the estate', () => {
  it('has at least 80 accounts in 5 subscriptions, one of which cannot be read though it has accounts', () => {
    const closed = tenant.subscriptions.filter(({ readable }) => !readable);

    expect(all('storage-accounts').length).toBeGreaterThanOrEqual(80);
    expect(tenant.subscriptions).toHaveLength(5);
    expect(closed).toHaveLength(1);
    for (const { id } of tenant.subscriptions) {
      expect(namesWhere((account) => String(account['id']).includes(id)).length).toBeGreaterThan(2);
    }
  });

  it('has every identity source, and one that nobody knows', () => {
    const sources = new Set(all('storage-accounts').map(sourceOf));

    expect([...sources].sort()).toEqual(['AADDS', 'AADKERB', 'AADNEXT', 'AD', 'None', 'absent', 'null']);
  });

  it('has every kind, and both kinds of premium file account', () => {
    const kinds = new Set(all('storage-accounts').map((account) => account['kind']));
    const skus = new Set(all('storage-accounts').map((account) => objectOf(account, 'sku')['name']));

    expect([...kinds].sort()).toEqual(['BlobStorage', 'BlockBlobStorage', 'FileStorage', 'Storage', 'StorageV2']);
    expect(skus.has('Premium_LRS') && skus.has('PremiumV2_ZRS')).toBe(true);
  });

  it('has private endpoints for files and for blobs, with the private link names present and missing', () => {
    const groups = all('private-endpoints').flatMap((endpoint) => {
      const connections = valueAt(endpoint, ['properties', 'privateLinkServiceConnections']);
      return Array.isArray(connections) ? connections.filter(isWireObject) : [];
    });
    const served = new Set(groups.flatMap((connection) => textsAt(connection, 'properties', 'groupIds')));
    const privateNames = (name: string): number =>
      textsAt(onlyPrincipalOf(name), 'servicePrincipalNames').filter((spn) => spn.includes('.privatelink.')).length;

    expect([...served].sort()).toEqual(['blob', 'file']);
    expect(privateNames('contosoprofiles02')).toBe(6);
    expect(privateNames('finprivate')).toBe(0);
  });

  it('has Microsoft Graph and unrelated apps in the directory, and only grants whose ends exist', () => {
    const graph = one('service-principals', 'appId', '00000003-0000-0000-c000-000000000000');
    const ids = new Set(all('service-principals').map((principal) => principal['id']));

    expect(
      all('applications').filter(({ displayName }) => String(displayName).startsWith('Contoso ')).length,
    ).toBeGreaterThan(20);
    expect(all('oauth2-permission-grants').some((grant) => grant['resourceId'] === graph['id'])).toBe(true);
    for (const grant of all('oauth2-permission-grants')) {
      expect(ids.has(grant['clientId']) && ids.has(grant['resourceId'])).toBe(true);
    }
  });
});

describe('the four core rules, each in several states', () => {
  it('single-ad-source: clean, with residue, with SMB OAuth, and another source beside a live app', () => {
    const kerberos = namesWhere((account) => sourceOf(account) === 'AADKERB');
    const residue = namesWhere(
      (account) =>
        sourceOf(account) === 'AADKERB' &&
        valueAt(account, [
          'properties',
          'azureFilesIdentityBasedAuthentication',
          'activeDirectoryProperties',
          'domainSid',
        ]) !== undefined,
    );
    const smbOAuth = namesWhere(
      (account) =>
        valueAt(account, [
          'properties',
          'azureFilesIdentityBasedAuthentication',
          'smbOAuthSettings',
          'isSmbOAuthEnabled',
        ]) === true,
    );
    const liveApp = namesWhere(
      (account) => ['AD', 'None'].includes(sourceOf(account)) && principalsOf(String(account['name'])).length > 0,
    );

    expect(kerberos.length).toBeGreaterThan(40);
    expect(residue.sort()).toEqual(['engmigrated', 'finmigrated']);
    expect(smbOAuth).toEqual(['engbatch']);
    expect(liveApp.sort()).toEqual(['retailswitchback', 'retailswitchedoff']);
  });

  it('mfa-excluded: most apps are excluded by appId; the others are missing, dangling or named elsewhere', () => {
    const policy = one('conditional-access-policies', 'displayName', 'Require MFA for all users');
    const excluded = textsAt(policy, 'conditions', 'applications', 'excludeApplications');
    const appIdOf = (name: string): string => textOf(onlyPrincipalOf(name), 'appId') ?? '';
    const known = new Set(all('applications').map((application) => application['appId']));
    const named = all('conditional-access-policies').flatMap((other) =>
      textsAt(other, 'conditions', 'applications', 'includeApplications'),
    );

    expect(policy).toMatchObject({
      state: 'enabled',
      conditions: { applications: { includeApplications: ['All'] }, users: { includeUsers: ['All'] } },
      grantControls: { builtInControls: ['mfa'] },
    });
    expect(excluded).toContain(appIdOf('contosoprofiles'));
    expect(excluded).not.toContain(appIdOf('finreports'));
    expect(excluded).not.toContain(appIdOf('contosoredirect'));
    expect(excluded.filter((appId) => !known.has(appId))).toHaveLength(1);
    for (const name of ['finpayroll', 'fintreasury', 'englabs', 'retailtravel', 'retailpilot']) {
      expect(excluded).toContain(appIdOf(name));
      expect(named).toContain(appIdOf(name));
    }
  });

  it('mfa-excluded: at least twelve policies, of every sort', () => {
    const policies = all('conditional-access-policies');
    const states = new Set(policies.map(({ state }) => state));
    const controls = new Set(policies.flatMap((policy) => textsAt(policy, 'grantControls', 'builtInControls')));

    expect(policies.length).toBeGreaterThanOrEqual(12);
    expect([...states].sort()).toEqual(['disabled', 'enabled', 'enabledForReportingButNotEnforced']);
    for (const control of ['mfa', 'block', 'compliantDevice']) expect(controls.has(control)).toBe(true);
    expect(policies.some(({ grantControls }) => grantControls === null)).toBe(true);
    expect(policies.some((policy) => isWireObject(valueAt(policy, ['grantControls', 'authenticationStrength'])))).toBe(
      true,
    );
    expect(
      policies.some((policy) => textsAt(policy, 'conditions', 'applications', 'includeUserActions').length > 0),
    ).toBe(true);
    expect(policies.some((policy) => textsAt(policy, 'conditions', 'users', 'includeGroups').length > 0)).toBe(true);
    expect(
      policies.some((policy) => isWireObject(valueAt(policy, ['conditions', 'users', 'includeGuestsOrExternalUsers']))),
    ).toBe(true);
  });

  it.each([
    ['contosoprofiles', 'AllPrincipals', ['openid', 'profile', 'user.read']],
    ['contosoprofiles03', 'AllPrincipals', ['openid', 'profile', 'user.read']],
    ['engdesign', 'AllPrincipals', ['openid', 'profile']],
    ['contosotraining', 'Principal', ['openid', 'profile', 'user.read']],
    ['finaudit', undefined, []],
  ])('consent-granted: %s has %s %j', (name, consentType, scopes) => {
    const principal = onlyPrincipalOf(name);
    const grant = all('oauth2-permission-grants').find((candidate) => candidate['clientId'] === principal['id']);
    const tokens = (textOf(grant ?? {}, 'scope') ?? '').toLowerCase().split(/\s+/);

    expect(grant?.['consentType']).toBe(consentType);
    expect(tokens.filter((token) => token !== '').sort()).toEqual(scopes);
  });

  it.each([
    ['contosoprofiles', [290]],
    ['finexpired', [-12]],
    ['engthisweek', [5]],
    ['retailthismonth', [20]],
    ['contosospring', [45]],
    ['legacyprofiles', [100]],
    ['finclosing', [3, 300]],
    ['legacyempty', []],
  ])('sp-password-expiry: the passwords of %s end in %j days', (name, days) => {
    expect(daysLeft(onlyPrincipalOf(name))).toEqual(days);
  });

  it('storage-app-present and -unambiguous: none, half, disabled, two', () => {
    expect(principalsOf('engnoapp')).toEqual([]);
    expect(principalsOf('retailhalfapp')).toEqual([]);
    expect(one('applications', 'displayName', '[Storage Account] retailhalfapp.file.core.windows.net')).toBeDefined();
    expect(onlyPrincipalOf('findisabled')['accountEnabled']).toBe(false);
    expect(principalsOf('contosotwins')).toHaveLength(2);
    expect(onlyPrincipalOf('legacyhome')['displayName']).toBe('legacyhome');
  });
});

describe('the companion rules, each with an account of its own that breaks it', () => {
  const properties = (name: string): WireObject => objectOf(one('storage-accounts', 'name', name), 'properties');
  const authentication = (name: string): WireObject =>
    objectOf(properties(name), 'azureFilesIdentityBasedAuthentication');
  const smbOf = (name: string): WireObject => {
    const id = `${String(one('storage-accounts', 'name', name)['id'])}/fileServices/default`;
    return objectOf(objectOf(objectOf(one('file-services', 'id', id), 'properties'), 'protocolSettings'), 'smb');
  };
  const applicationOf = (name: string): WireObject =>
    one('applications', 'appId', String(onlyPrincipalOf(name)['appId']));

  it('app-assignment-not-required: engassigned alone', () => {
    const assigned = all('service-principals').filter((principal) => principal['appRoleAssignmentRequired'] === true);

    expect(assigned).toEqual([onlyPrincipalOf('engassigned')]);
  });

  it('spn-set-complete: engincomplete lacks HOST, retaillowercase has it in lower case', () => {
    const namesOf = (name: string) => textsAt(onlyPrincipalOf(name), 'servicePrincipalNames');

    expect(namesOf('engincomplete').filter((spn) => spn.includes('HOST/'))).toEqual([]);
    expect(namesOf('engincomplete').filter((spn) => spn.includes('/'))).toHaveLength(4);
    expect(namesOf('retaillowercase').filter((spn) => spn.includes('host/'))).toHaveLength(2);
    expect(namesOf('engcad').filter((spn) => spn.includes('HOST/'))).toHaveLength(2);
  });

  it('conditional-access-not-blocking: a policy that blocks names retailoldstores and no other app', () => {
    const policy = one('conditional-access-policies', 'displayName', 'Block the file shares of the old stores');

    expect(textsAt(policy, 'grantControls', 'builtInControls')).toEqual(['block']);
    expect(textsAt(policy, 'conditions', 'applications', 'includeApplications')).toEqual([
      onlyPrincipalOf('retailoldstores')['appId'],
    ]);
  });

  it('kerberos-aes256-allowed: engrc4 and retailntlm; the others have defaults or allow it', () => {
    expect(smbOf('engrc4')['kerberosTicketEncryption']).toBe('RC4-HMAC;');
    expect(smbOf('retailntlm')['authenticationMethods']).toBe('NTLMv2;');
    expect(smbOf('engcad')).toEqual({});
    expect(all('file-services').filter((service) => /RC4|NTLM/.test(JSON.stringify(service)))).toHaveLength(2);
  });

  it('account-supports-smb: engblobs alone', () => {
    const blobOnly = namesWhere(
      (account) => sourceOf(account) === 'AADKERB' && String(account['kind']).startsWith('Blo'),
    );

    expect(blobOnly).toEqual(['engblobs']);
  });

  it('share-permission-assigned: contosonoshares has neither a default nor a role', () => {
    const without = namesWhere((account) => {
      const id = String(account['id']);
      const role = all('role-assignments').some((assignment) => {
        const scope = String(objectOf(assignment, 'properties')['scope']);
        return (
          scope.startsWith('/subscriptions/') && (`${scope}/`.startsWith(`${id}/`) || `${id}/`.startsWith(`${scope}/`))
        );
      });
      return (
        sourceOf(account) === 'AADKERB' &&
        account['kind'] !== 'BlobStorage' &&
        authentication(String(account['name']))['defaultSharePermission'] === 'None' &&
        !role
      );
    });

    expect(without).toEqual(['contosonoshares']);
  });

  it('share-permission-assigned: a role at a share, and a custom one at a resource group, are enough', () => {
    const scopes = all('role-assignments').map((assignment) => String(objectOf(assignment, 'properties')['scope']));
    const custom = all('role-definitions').filter(
      (definition) => objectOf(definition, 'properties')['type'] === 'CustomRole',
    );
    const assigned = all('role-assignments').filter((assignment) =>
      String(objectOf(assignment, 'properties')['roleDefinitionId']).endsWith(String(custom[0]?.['name'])),
    );

    for (const name of ['finledger', 'retailpos']) expect(authentication(name)['defaultSharePermission']).toBe('None');
    expect(scopes.filter((scope) => scope.includes('/storageAccounts/finledger/fileServices/default/'))).toHaveLength(
      1,
    );
    expect(custom).toHaveLength(1);
    expect(assigned).toHaveLength(1);
  });

  it('default-share-permission-not-elevated and domain-properties-paired: finelevated, contosounpaired', () => {
    expect(authentication('finelevated')['defaultSharePermission']).toBe('StorageFileDataSmbShareElevatedContributor');
    expect(Object.keys(objectOf(authentication('contosounpaired'), 'activeDirectoryProperties'))).toEqual([
      'domainName',
    ]);
  });

  it('consent-minimal: retailplanogram has more than tickets need', () => {
    const { id } = onlyPrincipalOf('retailplanogram');
    const grant = all('oauth2-permission-grants').find(({ clientId }) => clientId === id);

    expect(grant?.['scope']).toContain('Files.Read.All');
  });

  it('storage-app-not-orphaned: the app of finretired is whole, and its account is gone', () => {
    const [principal, ...others] = all('service-principals').filter(
      ({ displayName }) => displayName === '[Storage Account] finretired.file.core.windows.net',
    );

    expect(others).toEqual([]);
    expect(one('applications', 'appId', String(principal?.['appId']))).toBeDefined();
    expect(namesWhere(({ name }) => name === 'finretired')).toEqual([]);
    expect(all('file-services').some(({ id }) => String(id).includes('finretired'))).toBe(false);
  });

  it('storage-app-unambiguous: retailowned has an owner, no other storage app has, and each is younger than its account', () => {
    const ofStorage = all('applications').filter(({ displayName }) => !String(displayName).startsWith('Contoso '));

    expect(ofStorage.filter(({ owners }) => JSON.stringify(owners) !== '[]')).toEqual([applicationOf('retailowned')]);
    expect(
      ofStorage.filter(({ web, spa, publicClient }) =>
        JSON.stringify([web, spa, publicClient]).includes('"redirectUris":["'),
      ),
    ).toEqual([]);
    for (const name of ['contosoprofiles', 'legacyexpired', 'retailowned']) {
      const [made, app] = [properties(name)['creationTime'], applicationOf(name)['createdDateTime']].map((time) =>
        Date.parse(String(time)),
      );
      expect(made, name).toBeLessThan(app ?? 0);
    }
  });

  it('security-defaults-off-or-accepted, app-management-policy-allows-rotation: nothing in the way', () => {
    expect(all('security-defaults').map(({ isEnabled }) => isEnabled)).toEqual([false]);
    expect(all('default-app-management-policy').map(({ isEnabled }) => isEnabled)).toEqual([false]);
  });
});

describe('judged by every rule', () => {
  const inOrder = [
    'contosoprofiles',
    'contosoprofiles02',
    'contosoprofiles03',
    'contosoappattach',
    'contosohomedrives',
    'contosozoned',
    'finclosing',
    'finledger',
    'finarchive',
    'engbuilds',
    'engcad',
    'retailpos',
    'legalcases',
  ];
  const found = new Map<string, string[]>();

  beforeAll(async () => {
    const facts = await readEstateFacts(await openSnapshot(openDirectoryFiles(directory)));
    const directoryIndex = indexDirectory(facts.directory);
    const resources = indexResources(facts.resources, facts.fileServices);
    const settings = defaultSettings();
    for (const account of itemsOf(facts.storageAccounts)) {
      const verdicts = evaluateAccount({ account, directory: directoryIndex, resources, settings, now: now.getTime() });
      const told = verdicts.filter(({ verdict }) => !['pass', 'not-applicable'].includes(verdict.outcome));
      found.set(
        account.name,
        told.map(({ rule, verdict }) => `${rule.id} ${verdict.severity}`),
      );
    }
  });

  it.each(inOrder)('%s is in order, notes apart', (name) => {
    expect(found.get(name)?.filter((told) => !told.endsWith(' info'))).toEqual([]);
  });

  it('the account of the story has not even a note', () => {
    expect(found.get('contosoprofiles')).toEqual([]);
  });

  it.each([
    'engassigned',
    'engincomplete',
    'retaillowercase',
    'finprivate',
    'retailoldstores',
    'engrc4',
    'retailntlm',
    'engblobs',
    'contosonoshares',
    'finelevated',
    'contosounpaired',
    'retailplanogram',
    'retailowned',
  ])('%s breaks one rule at most', (name) => {
    expect(found.get(name)?.filter((told) => !told.endsWith(' info')).length).toBeLessThanOrEqual(1);
  });
});

describe('served with the usual page sizes', () => {
  let azure: LocalAzure;
  let made = 0;

  beforeAll(async () => {
    azure = createLocalAzure({
      tenant: await loadTenant(directory),
      token: 'token',
      onEvent: () => undefined,
      clock: () => now,
      newGuid: () => `guid-${String((made += 1))}`,
    });
    await azure.start();
  });

  afterAll(async () => {
    await azure.stop();
  });

  async function call(path: string, method = 'GET', body?: object): Promise<WireObject> {
    const response = await fetch(`${azure.origin}${path}`, {
      method,
      headers: { authorization: 'Bearer token' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    return isWireObject(answer) ? answer : {};
  }

  it.each(['applications', 'servicePrincipals', 'oauth2PermissionGrants', 'identity/conditionalAccess/policies'])(
    '%s has more than one page',
    async (path) => {
      expect(await call(`/v1.0/${path}?$top=999`)).toHaveProperty('@odata.nextLink');
    },
  );

  it('storage accounts have more than one page, in Resource Graph and in ARM', async () => {
    const query = 'resources | project id, type | order by id asc';
    const rows = await call('/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01', 'POST', { query });
    const { id = '' } = tenant.subscriptions[0] ?? {};

    expect(rows).toHaveProperty('$skipToken');
    expect(
      await call(`/subscriptions/${id}/providers/Microsoft.Storage/storageAccounts?api-version=2025-08-01`),
    ).toHaveProperty('nextLink');
  });

  it('switching contosoprofiles off and on leaves it without consent and in no exclusion', async () => {
    const id = String(one('storage-accounts', 'name', 'contosoprofiles')['id']);
    const filter = encodeURIComponent("displayName eq '[Storage Account] contosoprofiles.file.core.windows.net'");
    for (const directoryServiceOptions of ['None', 'AADKERB']) {
      await call(`${id}?api-version=2025-08-01`, 'PATCH', {
        properties: { azureFilesIdentityBasedAuthentication: { directoryServiceOptions } },
      });
    }

    const found = (await call(`/v1.0/servicePrincipals?$filter=${filter}`))['value'];
    const [principal] = Array.isArray(found) ? found.filter(isWireObject) : [];
    const spId = String(principal?.['id']);
    const consent = await call(`/v1.0/oauth2PermissionGrants?$filter=${encodeURIComponent(`clientId eq '${spId}'`)}`);
    const policies = JSON.stringify([...(azure.tenant.collections.get('conditional-access-policies')?.values() ?? [])]);

    expect(principal?.['appId']).toMatch(/^guid-/);
    expect(consent['value']).toEqual([]);
    expect(policies).not.toContain(String(principal?.['appId']));
  });
});
