import { describe, expect, it } from 'vitest';
import { collected, known } from '../../../domain/model/collection.ts';
import type { PrivateEndpoint } from '../../../domain/model/resources.ts';
import { planAssignment } from '../../../domain/remediation/plan-assignment.ts';
import { planCloudGroupTag } from '../../../domain/remediation/plan-cloud-group-tag.ts';
import { planPrivateLinkUris } from '../../../domain/remediation/plan-privatelink-uris.ts';
import type { Planned } from '../../../domain/remediation/planned.ts';
import type { RuleContext } from '../../../domain/rules/rule.ts';
import type { WireObject } from '../../../infra/estate-source.ts';
import {
  account,
  appId,
  application,
  appNames,
  directory,
  gap,
  guid,
  principalId,
  settings,
  tenantId,
} from '../build.ts';
import { contextOf, worldOf } from './apply-plan.ts';
import { callOf, planOf, taskOf, whyNone } from './planned.ts';
import { wireApplication, wireGraphPrincipal, wirePrincipal } from './wire-objects.ts';

const applicationId = guid(0xd);
const endpointKey = '/subscriptions/s/resourcegroups/g/providers/microsoft.network/privateendpoints/pe';

function endpoint(groupIds: readonly string[], status = 'Approved'): PrivateEndpoint {
  return { key: endpointKey, name: 'pe', links: [{ targetKey: account().key, groupIds, status }] };
}

interface Given {
  readonly application?: WireObject;
  readonly principal?: WireObject;
  readonly endpoints?: readonly PrivateEndpoint[];
  readonly cloudOnly?: boolean;
}

function context({ endpoints = [endpoint(['file'])], cloudOnly = true, ...given }: Given = {}): RuleContext {
  const world = worldOf({
    applications: [wireApplication(given.application)],
    servicePrincipals: [wireGraphPrincipal(), wirePrincipal(given.principal)],
  });
  return contextOf(world, {
    account: account({ privateEndpointConnections: endpoints.map(() => ({ endpointKey, status: 'Approved' })) }),
    settings: settings({ cloudOnlyUsers: cloudOnly ? [{ name: '*' }] : [] }),
    resources: { privateEndpoints: known(endpoints) },
  });
}

describe('The plan that makes assignment not required', () => {
  it('sets one member of the service principal', () => {
    const planned = planAssignment(context({ principal: { appRoleAssignmentRequired: true } }));
    const url = `/v1.0/servicePrincipals/${principalId}`;

    expect(planOf(planned)).toMatchObject({
      action: 'assignment-not-required',
      risk: 'safe',
      target: { type: 'servicePrincipal', id: principalId },
    });
    expect(callOf(planned)).toMatchObject({
      method: 'PATCH',
      url,
      body: { appRoleAssignmentRequired: false },
      permission: 'Application.ReadWrite.All',
      reads: {
        url: `${url}?$select=appId,accountEnabled,servicePrincipalNames,appRoleAssignmentRequired`,
        expect: {
          '/appId': appId,
          '/accountEnabled': true,
          '/servicePrincipalNames': [appId, ...appNames()],
          '/appRoleAssignmentRequired': true,
        },
      },
      undo: { method: 'PATCH', url, body: { appRoleAssignmentRequired: true } },
    });
  });

  it.each([
    [false, /no assignment/],
    [null, /not read/],
  ])('is none where it is %s', (appRoleAssignmentRequired, why) => {
    expect(whyNone(planAssignment(context({ principal: { appRoleAssignmentRequired } })))).toMatch(why);
  });
});

describe('The plan that adds the tag for cloud groups', () => {
  it('keeps the tags that are there, on the application and not on its principal', () => {
    const planned = planCloudGroupTag(context({ application: { tags: ['b', 'A'] } }));
    const url = `/v1.0/applications/${applicationId}`;

    expect(planOf(planned)).toMatchObject({ action: 'add-cloud-group-tag', risk: 'safe' });
    expect(callOf(planned)).toMatchObject({
      method: 'PATCH',
      url,
      body: { tags: ['b', 'A', 'kdc_enable_cloud_group_sids'] },
      permission: 'Application.ReadWrite.All',
      reads: {
        url: `${url}?$select=appId,identifierUris,tags`,
        expect: { '/appId': appId, '/identifierUris': appNames(), '/tags': ['b', 'A'] },
      },
      undo: { method: 'PATCH', url, body: { tags: ['b', 'A'] } },
    });
  });

  it('adds it beside one in another case, which Entra does not take for it', () => {
    const tags = ['KDC_ENABLE_CLOUD_GROUP_SIDS'];
    expect(callOf(planCloudGroupTag(context({ application: { tags } }))).body).toEqual({
      tags: [...tags, 'kdc_enable_cloud_group_sids'],
    });
  });

  it.each<[string, Given, RegExp]>([
    ['it is there', { application: { tags: ['kdc_enable_cloud_group_sids'] } }, /carries/],
    ['settings declare no cloud-only users', { cloudOnly: false }, /Settings/],
  ])('is none where %s', (_, given, why) => {
    expect(whyNone(planCloudGroupTag(context(given)))).toMatch(why);
  });
});

describe('The plan that adds privatelink names', () => {
  const host = 'contosoprofiles.privatelink.file.core.windows.net';
  const six = ['HOST', 'CIFS', 'HTTP'].flatMap((service) => [
    `${service}/${host}`,
    `api://${tenantId}/${service}/${host}`,
  ]);

  it('adds six names behind those that are there', () => {
    const planned = planPrivateLinkUris(context());
    const { body, reads, undo } = callOf(planned);
    const { identifierUris } = body as { identifierUris: string[] };

    expect(planOf(planned)).toMatchObject({
      action: 'add-privatelink-uris',
      risk: 'safe',
      target: { type: 'application', id: applicationId },
    });
    expect(identifierUris.slice(0, 6)).toEqual(appNames());
    expect(identifierUris.slice(6).toSorted()).toEqual(six.toSorted());
    expect(reads).toMatchObject({
      url: `/v1.0/applications/${applicationId}?$select=appId,identifierUris`,
      expect: { '/appId': appId, '/identifierUris': appNames() },
      afterwards: { '/identifierUris': identifierUris },
    });
    expect(undo.body).toEqual({ identifierUris: appNames() });
  });

  it('keeps odd spellings, and adds no second spelling of a name', () => {
    const odd = [...appNames().map((name) => name.toLowerCase()), `cifs/${host.toUpperCase()}`];
    const { identifierUris } = callOf(
      planPrivateLinkUris(
        context({ application: { identifierUris: odd }, principal: { servicePrincipalNames: [appId, ...odd] } }),
      ),
    ).body as { identifierUris: string[] };

    expect(identifierUris.slice(0, odd.length)).toEqual(odd);
    expect(identifierUris).toHaveLength(odd.length + 5);
    expect(new Set(identifierUris.map((uri) => uri.toLowerCase())).size).toBe(identifierUris.length);
  });

  it.each<[string, Given, RegExp]>([
    ['no private endpoint leads to the account', { endpoints: [] }, /No private endpoint/],
    ['one leads to blobs only', { endpoints: [endpoint(['blob'])] }, /No private endpoint/],
    ['what it leads to is not known', { endpoints: [endpoint(['files-of-tomorrow'])] }, /could not be told/],
    ['its status is not known', { endpoints: [endpoint(['file'], 'Blessed')] }, /could not be told/],
    [
      'the names are on the application and not yet on its principal',
      { application: { identifierUris: [...appNames(), ...six] } },
      /replicated/,
    ],
  ])('is none where %s', (_, given, why) => {
    expect(whyNone(planPrivateLinkUris(context(given)))).toMatch(why);
  });
});

describe.each<[string, (context: RuleContext) => Planned]>([
  ['makes assignment not required', planAssignment],
  ['adds the tag', planCloudGroupTag],
  ['adds privatelink names', planPrivateLinkUris],
])('No plan that %s', (_, plan) => {
  const required = { principal: { appRoleAssignmentRequired: true } };

  it('is made for an app that may be an impostor, or that shares the account with another', () => {
    expect(taskOf(plan(context({ ...required, application: { owners: [{ id: guid(5) }] } }))).runbook).toBe(
      'ambiguous-app',
    );
  });

  it('is made for a disabled principal', () => {
    const planned = plan(context({ principal: { appRoleAssignmentRequired: true, accountEnabled: false } }));
    expect(taskOf(planned).runbook).toBe('disabled-principal');
  });

  it('is made from a list that was read in part', () => {
    const { directory: read, ...rest } = context(required);
    const applications = collected([application()], [gap('applications')]);
    expect(plan({ ...rest, directory: directory({ ...read.facts, applications }) }).kind).toBe('none');
  });
});
