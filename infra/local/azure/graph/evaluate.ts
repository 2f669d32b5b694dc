import type { LocalCloud, LocalRequest, LocalResponse, Route } from '../exchange.ts';
import { isWireObject, objectOf, sameText, textOf, type WireObject } from '../wire-object.ts';
import { permittedCollection } from './collections.ts';
import { contextOf } from './read.ts';
import { badRequest, objectBody } from './write.ts';

/**
 * The what-if of Conditional Access, as far as the embedded cloud knows: states, users by id, apps by id, client types and
 * platforms. Whatever else a policy looks at (places, risks, filters, who is in a group or role) is answered with
 * `notEnoughInformation`; nobody is in a group that a policy excludes.
 */
export const evaluateRoutes: readonly Route[] = [
  { method: 'POST', path: /^\/identity\/conditionalAccess\/evaluate$/i, answer: evaluate },
];

interface SignIn {
  readonly userId: string;
  readonly appId: string;
  readonly conditions: WireObject;
}

function evaluate(cloud: LocalCloud, request: LocalRequest): LocalResponse {
  const body = objectBody(request);
  const signIn = signInOf(body);
  const results = [...permittedCollection(cloud, 'conditional-access-policies').values()].map((policy) => {
    const reasons = reasonsAgainst(policy, signIn);
    const applies = reasons.length === 0;
    return { ...policy, policyApplies: applies, analysisReasons: applies ? 'notSet' : reasons.join(',') };
  });
  return {
    status: 200,
    body: {
      '@odata.context': contextOf(cloud, '/Collection(microsoft.graph.whatIfAnalysisResult)'),
      value: body['appliedPoliciesOnly'] === true ? results.filter(({ policyApplies }) => policyApplies) : results,
    },
  };
}

function signInOf(body: WireObject): SignIn {
  const userId = textOf(objectOf(body, 'signInIdentity'), 'userId');
  if (userId === undefined) throw badRequest("A value is required for property 'signInIdentity/userId'.");
  const [appId] = listOf(objectOf(body, 'signInContext'), 'includeApplications');
  if (appId === undefined) throw badRequest("A value is required for property 'signInContext/includeApplications'.");
  return { userId, appId, conditions: objectOf(body, 'signInConditions') };
}

/** The flags of `analysisReasons`; none: the policy applies. */
function reasonsAgainst(policy: WireObject, signIn: SignIn): readonly string[] {
  if (textOf(policy, 'state') === 'disabled') return ['policyNotEnabled'];
  const conditions = objectOf(policy, 'conditions');
  const against = [
    users(objectOf(conditions, 'users'), signIn.userId),
    applications(objectOf(conditions, 'applications'), signIn.appId),
    clientTypes(conditions, textOf(signIn.conditions, 'clientAppType')),
    platforms(objectOf(conditions, 'platforms'), textOf(signIn.conditions, 'devicePlatform')),
  ].filter((reason) => reason !== null);
  if (against.length > 0) return against;
  return beyond.some((name) => isSet(conditions[name])) ? ['notEnoughInformation'] : [];
}

const beyond = [
  'locations',
  'devices',
  'signInRiskLevels',
  'userRiskLevels',
  'insiderRiskLevels',
  'authenticationFlows',
  'clientApplications',
  'times',
];

function users(conditions: WireObject, userId: string): string | null {
  if (has(conditions, 'excludeUsers', userId)) return 'users';
  if (has(conditions, 'includeUsers', 'All')) return null;
  if (has(conditions, 'includeUsers', userId)) return null;
  const byMembership = ['includeGroups', 'includeRoles', 'includeGuestsOrExternalUsers'];
  return byMembership.some((name) => isSet(conditions[name])) ? 'notEnoughInformation' : 'users';
}

function applications(conditions: WireObject, appId: string): string | null {
  if (has(conditions, 'excludeApplications', appId)) return 'application';
  if (isSet(conditions['applicationFilter'])) return 'notEnoughInformation';
  const included = has(conditions, 'includeApplications', 'All') || has(conditions, 'includeApplications', appId);
  return included ? null : 'application';
}

function clientTypes(conditions: WireObject, clientType: string | undefined): string | null {
  if (listOf(conditions, 'clientAppTypes').length === 0 || has(conditions, 'clientAppTypes', 'all')) return null;
  if (clientType === undefined) return 'notEnoughInformation';
  return has(conditions, 'clientAppTypes', clientType) ? null : 'clientApps';
}

function platforms(conditions: WireObject, platform: string | undefined): string | null {
  if (!isSet(conditions)) return null;
  if (platform === undefined) return 'notEnoughInformation';
  if (has(conditions, 'excludePlatforms', platform)) return 'devicePlatform';
  const included = has(conditions, 'includePlatforms', 'all') || has(conditions, 'includePlatforms', platform);
  return included ? null : 'devicePlatform';
}

function has(conditions: WireObject, name: string, wanted: string): boolean {
  return listOf(conditions, name).some((entry) => sameText(entry, wanted));
}

function listOf(object: WireObject, name: string): readonly string[] {
  const list = object[name];
  return Array.isArray(list) ? list.filter((entry) => typeof entry === 'string') : [];
}

function isSet(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return isWireObject(value) ? Object.values(value).some(isSet) : value !== null && value !== undefined;
}
