import { describe, expect, it } from 'vitest';
import { collected, type Gap, known, unavailable } from '../../../domain/model/collection.ts';
import type { PrivateEndpoint, RoleAssignment } from '../../../domain/model/resources.ts';
import { account, fileService, gap, guid, resources } from '../build.ts';

const contoso = account();
const subscription = `/subscriptions/${contoso.subscriptionId}`;

function over(scope: string, collection: Gap['collection']): Gap {
  return { ...gap(collection), scope };
}

describe('the file service of an account', () => {
  it('is found by the account', () => {
    const other = fileService({ accountKey: `${contoso.key}2` });
    const mine = fileService();
    expect(resources({}, known([other, mine])).fileServiceOf(contoso)).toEqual({ service: mine, gaps: [] });
  });

  it('has no gaps when it was seen, though others were not', () => {
    expect(resources({}, collected([fileService()], [gap('file-services')])).fileServiceOf(contoso).gaps).toEqual([]);
  });

  it('is null without gaps in a whole list that lacks it', () => {
    expect(resources({}, known([])).fileServiceOf(contoso)).toEqual({ service: null, gaps: [] });
  });

  it.each([
    ['the tenant', 'tenant'],
    ['its subscription', subscription],
    ['itself', contoso.key],
    ['itself, in another case', contoso.id],
    ['a management group', '/providers/microsoft.management/managementgroups/corp'],
  ])('is hidden by a gap over %s', (_says, scope) => {
    const hiding = over(scope, 'file-services');
    expect(resources({}, unavailable(hiding)).fileServiceOf(contoso)).toEqual({ service: null, gaps: [hiding] });
  });

  it.each([
    ['another subscription', `/subscriptions/${guid(3)}`],
    ['a subscription whose id begins alike', `${subscription}0`],
    ['another account', `${contoso.key}2`],
    ['an account whose name it begins with', contoso.key.slice(0, -1)],
  ])('is not hidden by a gap over %s', (_says, scope) => {
    expect(resources({}, unavailable(over(scope, 'file-services'))).fileServiceOf(contoso).gaps).toEqual([]);
  });
});

describe('private endpoints', () => {
  const endpoint = (key: string, ...targets: string[]): PrivateEndpoint => ({
    key,
    name: key,
    links: targets.map((targetKey) => ({ targetKey, groupIds: ['file'], status: 'Approved' })),
  });
  const file = endpoint('file', contoso.key);
  const both = endpoint('both', contoso.key, contoso.key, 'other');
  const found = resources({ privateEndpoints: known([file, both, endpoint('far', 'other')]) });

  it('are found by their own id', () => {
    expect(found.privateEndpoint('both')).toBe(both);
    expect(found.privateEndpoint('none')).toBeNull();
  });

  it('are found by the account they lead to, each once', () => {
    expect(found.privateEndpointsTo(contoso.key)).toEqual([file, both]);
    expect(found.privateEndpointsTo(`${contoso.key}2`)).toEqual([]);
  });

  it('that a partial list shows are there', () => {
    const partial = resources({ privateEndpoints: collected([file], [gap('private-endpoints')]) });
    expect(partial.privateEndpointsTo(contoso.key)).toEqual([file]);
  });
});

describe('role assignments around an account', () => {
  const group = contoso.key.slice(0, contoso.key.indexOf('/providers/'));
  const at = (scope: string): RoleAssignment => ({
    id: scope,
    scope,
    roleId: 'r',
    principalId: 'p',
    conditional: false,
  });

  it.each([
    ['the account', contoso.key],
    ['a share', `${contoso.key}/fileservices/default/fileshares/profiles`],
    ['the resource group', group],
    ['the subscription', subscription],
    ['a management group', '/providers/microsoft.management/managementgroups/corp'],
    ['everything', '/'],
  ])('are those at %s', (_says, scope) => {
    expect(resources({ roleAssignments: known([at(scope)]) }).assignmentsAround(contoso)).toEqual([at(scope)]);
  });

  it.each([
    ['another account', `${contoso.key}2`],
    ["another account's share", `${contoso.key}2/fileservices/default/fileshares/profiles`],
    ['another resource group', `${group}2`],
    ['another subscription', `/subscriptions/${guid(3)}`],
    ['a container', `${contoso.key}/blobservices/default/containers/c`],
  ])('are not those at %s', (_says, scope) => {
    expect(resources({ roleAssignments: known([at(scope)]) }).assignmentsAround(contoso)).toEqual([]);
  });

  it('may be hidden by gaps over the tenant and over its own subscription, not by others', () => {
    const hiding = ['tenant', subscription].map((scope) => over(scope, 'role-assignments'));
    const gaps = [...hiding, over(`/subscriptions/${guid(3)}`, 'role-assignments')];
    expect(resources({ roleAssignments: unavailable(...gaps) }).assignmentGapsAround(contoso)).toEqual(hiding);
    expect(resources({ roleAssignments: collected([], gaps) }).assignmentGapsAround(contoso)).toEqual(hiding);
    expect(resources().assignmentGapsAround(contoso)).toEqual([]);
  });
});

describe('role definitions', () => {
  it('are found by their GUID', () => {
    const definition = { roleId: guid(5), name: 'Profile users', permissions: [] };
    const found = resources({ roleDefinitions: known([definition]) });
    expect(found.roleDefinition(guid(5))).toBe(definition);
    expect(found.roleDefinition(guid(6))).toBeNull();
  });
});
