import type { Json } from '../model/verdict.ts';
import { neededScopes } from '../rules/consent-granted.ts';
import type { actionRisks } from './actions.ts';
import type { Pointers } from './guarded-values.ts';
import type { PlannedCall, PlanTarget } from './plan.ts';
import { accountPath, checkedId, grantPath, objectPath } from './plan-url.ts';
import { sectionLists } from './policy-exclusions.ts';

type Body = PlannedCall['body'];

/** The one call that an action, or its undo, may make. */
export interface CallShape {
  readonly method: PlannedCall['method'];
  /** Whether it is the path for what is written. @param expect what has to be there before it @throws IdMalformed */
  readonly isPath: (url: string, targetId: string, expect: Pointers) => boolean;
  /** Whether the body holds these members, and no others. */
  readonly isBody: (body: Body, targetId: string) => boolean;
  /** What is read before it and after it, without the members that are asked for. @throws IdMalformed */
  readonly reads: (targetId: string) => string;
}

export interface ActionCalls {
  readonly target: PlanTarget['type'];
  /** Whether the app of every account it is for has to be beyond doubt, to do it and to take it back. */
  readonly forSoundApps: boolean;
  readonly do: CallShape;
  readonly undo: CallShape;
}

const grants = '/v1.0/oauth2PermissionGrants';
const grantsOf = (client: string): string =>
  `${grants}?$filter=${encodeURIComponent(`clientId eq '${checkedId(client)}'`)}`;

const policyCall = call('PATCH', policyPath, (body) => {
  const lists = only(only(body, 'conditions'), 'applications');
  return isObject(lists) && 'excludeApplications' in lists && Object.entries(lists).every(isSectionList);
});
const scopeCall = call('PATCH', grantPath, (body) => typeof only(body, 'scope') === 'string');
const urisCall = call('PATCH', applicationPath, (body) => isTexts(only(body, 'identifierUris')));
const tagsCall = call('PATCH', applicationPath, (body) => isTexts(only(body, 'tags')));
const fileServiceCall = call('PUT', fileServicePath, (body) => isObject(only(body, 'properties')));
const assignmentCall = (required: boolean): CallShape =>
  call('PATCH', principalPath, (body) => only(body, 'appRoleAssignmentRequired') === required);

const policy = { target: 'conditionalAccessPolicy', do: policyCall, undo: policyCall } as const;

/** Every call that is ever made, by action: whatever a plan says, no other is (domain facts 5). */
export const actionCalls: Readonly<Record<keyof typeof actionRisks, ActionCalls>> = {
  'grant-consent': {
    target: 'servicePrincipal',
    forSoundApps: true,
    do: {
      method: 'POST',
      isPath: (url) => url === grants,
      isBody: ({ clientId, consentType, resourceId, scope, ...others }, target) =>
        clientId === target &&
        consentType === 'AllPrincipals' &&
        typeof resourceId === 'string' &&
        checkedId(resourceId) === resourceId &&
        scope === neededScopes.join(' ') &&
        Object.keys(others).length === 0,
      reads: grantsOf,
    },
    undo: {
      method: 'DELETE',
      // Its id is not that of its app: the one that is there is.
      isPath: (url, _target, { '/value/0/id': id }) => typeof id === 'string' && url === grantPath(id),
      isBody: (body) => Object.keys(body).length === 0,
      reads: grantsOf,
    },
  },
  'add-missing-scopes': { target: 'oauth2PermissionGrant', forSoundApps: true, do: scopeCall, undo: scopeCall },
  'add-privatelink-uris': { target: 'application', forSoundApps: true, do: urisCall, undo: urisCall },
  'assignment-not-required': {
    target: 'servicePrincipal',
    forSoundApps: true,
    do: assignmentCall(false),
    undo: assignmentCall(true),
  },
  'add-cloud-group-tag': { target: 'application', forSoundApps: true, do: tagsCall, undo: tagsCall },
  'remove-orphaned-exclusion': { ...policy, forSoundApps: false },
  'exclude-app-from-policy': { ...policy, forSoundApps: true },
  'replace-dangling-exclusion': { ...policy, forSoundApps: true },
  'allow-aes256-kerberos': {
    target: 'storageAccount',
    forSoundApps: false,
    do: fileServiceCall,
    undo: fileServiceCall,
  },
};

function call(
  method: PlannedCall['method'],
  pathOf: (targetId: string) => string,
  isBody: (body: Body) => boolean,
): CallShape {
  return { method, isPath: (url, targetId) => url === pathOf(targetId), isBody, reads: pathOf };
}

function policyPath(id: string): string {
  return objectPath('identity/conditionalAccess/policies', id);
}

function applicationPath(id: string): string {
  return objectPath('applications', id);
}

function principalPath(id: string): string {
  return objectPath('servicePrincipals', id);
}

function fileServicePath(key: string): string {
  return accountPath(key, '/fileServices/default');
}

/** The one member of an object; undefined where it is another, or not alone. */
function only(value: Json | undefined, member: string): Json | undefined {
  if (!isObject(value)) return undefined;
  const names = Object.keys(value);
  return names.length === 1 && names[0] === member ? value[member] : undefined;
}

function isObject(value: Json | undefined): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: Json | undefined): boolean {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}

function isSectionList([name, value]: readonly [string, Json]): boolean {
  return (sectionLists as readonly string[]).includes(name) && isTexts(value);
}
