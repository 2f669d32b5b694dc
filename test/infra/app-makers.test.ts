import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { ChangeLog } from '../../domain/audit/drift-ports.ts';
import type { RemediationPlan } from '../../domain/remediation/plan.ts';
import { createMakerReader } from '../../infra/app-makers.ts';
import { createLiveEstate } from '../../infra/azure/estate.ts';
import { resolveEndpoints } from '../../infra/azure/endpoints.ts';
import { staticToken } from '../../infra/azure/identity/static-token.ts';
import { textOf } from '../../infra/local/azure/wire-object.ts';
import {
  accountPath,
  graphPrincipalId,
  listIn,
  put,
  smallTenant,
  startedAzure,
  type StartedAzure,
  tenantId,
} from './local/azure/started-azure.ts';

const at = Date.parse('2026-11-21T10:30:00Z');
const young = 'files12';

/** The embedded cloud, in which the storage provider has just made an app. */
async function cloud() {
  const started = await startedAzure(smallTenant(), { resourceGraph: 10, graph: 100, arm: 10 });
  const switched = await started.call('PATCH', `${accountPath(young)}?api-version=2025-08-01`, {
    properties: { azureFilesIdentityBasedAuthentication: { directoryServiceOptions: 'AADKERB' } },
  });
  expect(switched.status).toBe(200);
  const principals = listIn(await started.call('GET', '/v1.0/servicePrincipals?$top=999'));
  const made = principals.find(({ displayName }) => String(displayName).includes(young)) ?? {};
  return { started, principalId: textOf(made, 'id') ?? '', appId: textOf(made, 'appId') ?? '' };
}

function readerOver({ azure }: StartedAzure, changeLog?: ChangeLog) {
  const endpoints = resolveEndpoints({ KERBWATCH_ARM_ENDPOINT: azure.origin, KERBWATCH_GRAPH_ENDPOINT: azure.origin });
  const token = staticToken('the-workload-token');
  const estate = createLiveEstate({
    endpoints,
    credentials: { arm: token, graph: token },
    tenantId,
    scope: { subscriptions: [], managementGroups: [] },
    retry: { sleep: (wait) => sleep(wait), random: Math.random },
  });
  return createMakerReader({ graph: () => estate.graph, changeLog: changeLog ?? estate.changeLog, now: () => at });
}

function consentFor(principalId: string): RemediationPlan {
  return {
    action: 'grant-consent',
    risk: 'safe',
    target: { type: 'servicePrincipal', id: principalId, name: 'x' },
    calls: [
      {
        method: 'POST',
        url: '/v1.0/oauth2PermissionGrants',
        body: {},
        permission: 'DelegatedPermissionGrant.ReadWrite.All',
        reads: { url: '/v1.0/oauth2PermissionGrants', expect: { '/value': [] } },
        undo: { method: 'DELETE', url: '/v1.0/oauth2PermissionGrants/{id}', body: null },
        before: null,
        after: { clientId: principalId, consentType: 'AllPrincipals', resourceId: graphPrincipalId },
      },
    ],
  };
}

function exclusionOf(kept: string, added: string): RemediationPlan {
  const [consent] = consentFor('x').calls;
  if (consent === undefined) throw new Error('A plan has a call');
  return {
    action: 'exclude-app-from-policy',
    risk: 'weakens-security',
    target: { type: 'conditionalAccessPolicy', id: '99999999-0000-4000-8000-000000000001', name: 'MFA' },
    calls: [
      {
        ...consent,
        before: { excludeApplications: [kept] },
        after: { excludeApplications: [kept, added] },
      },
    ],
  };
}

it('finds the app of a grant and its maker, and leaves Microsoft Graph out', async () => {
  const { started, principalId, appId } = await cloud();

  expect(await readerOver(started)(consentFor(principalId))).toEqual([
    { appId, displayName: `[Storage Account] ${young}.file.core.windows.net`, maker: { kind: 'provider' } },
  ]);
});

it('finds the app that is put into the exclusions of a policy, and not those that are there already', async () => {
  const { started, appId } = await cloud();
  const there = { id: '99999999-0000-4000-8000-000000000002', appId: '99999999-0000-4000-8000-000000000003' };
  put(started.tenant, 'applications', { ...there, displayName: 'Ledger', identifierUris: [] });

  const made = await readerOver(started)(exclusionOf(there.appId, appId));

  expect(made?.map((one) => one.appId)).toEqual([appId]);
});

it('names whoever else the records name', async () => {
  const { started, principalId } = await cloud();
  const by = { kind: 'user', objectId: 'somebody', userPrincipalName: null } as const;
  const changeLog: ChangeLog = {
    ofResource: () => Promise.reject(new Error('Not asked')),
    ofDirectory: (ids) =>
      Promise.resolve({
        state: 'read',
        records: [
          {
            at,
            actor: by,
            correlationId: null,
            operation: 'Add service principal',
            source: 'directory-audits',
            touched: ids.slice(1).map((name) => ({ name, before: null })),
          },
        ],
      }),
  };

  const made = await readerOver(started, changeLog)(consentFor(principalId));

  expect(made).toMatchObject([{ maker: { kind: 'somebody', by, at } }]);
});

it('says that it is not known for what it may not read', async () => {
  const { started, principalId } = await cloud();
  started.azure.faults.forbid('directory-audits');
  expect(await readerOver(started)(consentFor(principalId))).toMatchObject([
    { maker: { kind: 'unknown', why: expect.stringContaining('AuditLog.Read.All') as string } },
  ]);

  started.azure.faults.forbid('service-principals');
  expect(await readerOver(started)(consentFor(principalId))).toBeNull();
});
