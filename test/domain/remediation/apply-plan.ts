import { isDeepStrictEqual } from 'node:util';
import { known } from '../../../domain/model/collection.ts';
import type { Settings } from '../../../domain/model/settings.ts';
import type { StorageAccount } from '../../../domain/model/storage-account.ts';
import type { PlannedCall, RemediationPlan } from '../../../domain/remediation/plan.ts';
import { indexDirectory } from '../../../domain/rules/directory.ts';
import { indexResources } from '../../../domain/rules/resources.ts';
import type { RuleContext } from '../../../domain/rules/rule.ts';
import type { WireObject } from '../../../infra/estate-source.ts';
import { parseApplication } from '../../../infra/wire/application.ts';
import { parseConditionalAccessPolicy } from '../../../infra/wire/conditional-access-policy.ts';
import { parseFileService } from '../../../infra/wire/file-service.ts';
import { parseOAuth2PermissionGrant } from '../../../infra/wire/oauth2-permission-grant.ts';
import { parseServicePrincipal } from '../../../infra/wire/service-principal.ts';
import { account, directory, now, resources, settings } from '../build.ts';

/** Objects of Microsoft Graph and ARM as the wire has them, by the path under which each is read. */
export type World = Map<string, WireObject>;

const paths = {
  applications: '/v1.0/applications/',
  servicePrincipals: '/v1.0/servicePrincipals/',
  grants: '/v1.0/oauth2PermissionGrants/',
  policies: '/v1.0/identity/conditionalAccess/policies/',
} as const;

export interface WorldParts {
  readonly applications?: readonly WireObject[];
  readonly servicePrincipals?: readonly WireObject[];
  readonly grants?: readonly WireObject[];
  readonly policies?: readonly WireObject[];
  readonly fileServices?: readonly WireObject[];
}

export function worldOf({ fileServices = [], ...parts }: WorldParts): World {
  return new Map([
    ...Object.entries(paths).flatMap(([name, path]) =>
      (parts[name as keyof typeof paths] ?? []).map((one) => [`${path}${String(one['id'])}`, sent(one)] as const),
    ),
    ...fileServices.map((one) => [String(one['id']).toLowerCase(), sent(one)] as const),
  ]);
}

/** What of an object goes through JSON. */
function sent(one: WireObject): WireObject {
  return JSON.parse(JSON.stringify(one)) as WireObject;
}

/** The facts that an audit would read of the world. */
export function contextOf(
  world: World,
  over: {
    readonly account?: StorageAccount;
    readonly settings?: Settings;
    readonly resources?: Parameters<typeof resources>[0];
  } = {},
): RuleContext {
  const of = (path: string) => [...world].flatMap(([key, one]) => (key.startsWith(path) ? [one] : []));
  return {
    account: over.account ?? account(),
    directory: indexDirectory({
      ...directory().facts,
      applications: known(of(paths.applications).map(parseApplication)),
      servicePrincipals: known(of(paths.servicePrincipals).map(parseServicePrincipal)),
      oauth2PermissionGrants: known(of(paths.grants).map(parseOAuth2PermissionGrant)),
      conditionalAccessPolicies: known(of(paths.policies).map(parseConditionalAccessPolicy)),
    }),
    resources: indexResources(resources(over.resources).facts, known(of('/subscriptions/').map(parseFileService))),
    settings: over.settings ?? settings(),
    now,
  };
}

/** Whether every read of the plan shows what it expects. */
export function holds(world: World, { calls }: RemediationPlan, when: 'expect' | 'afterwards' = 'expect'): boolean {
  return calls.every(({ reads }) => {
    const found = read(world, reads.url);
    return Object.entries(reads[when] ?? { '/': 'nothing is expected' }).every(([pointer, value]) =>
      isDeepStrictEqual(at(found, pointer), value),
    );
  });
}

/** Carries out a plan as Graph and ARM do; the second member takes it back. */
export function apply(world: World, { calls }: RemediationPlan): { readonly after: World; readonly undone: World } {
  let after = world;
  const undos: PlannedCall['undo'][] = [];
  for (const call of calls) {
    const done = send(after, call.method, call.url, call.body);
    after = done.world;
    undos.unshift({ ...call.undo, url: call.undo.url.replace('{id}', done.id) });
  }
  const undone = undos.reduce((left, { method, url, body }) => send(left, method, url, body).world, after);
  return { after, undone };
}

/** Makes one call as Graph and ARM do. @returns the world after it, and the id of what was made */
export function send(
  world: World,
  method: string,
  url: string,
  body: unknown,
): { readonly world: World; readonly id: string } {
  const path = pathOf(url);
  const next = new Map(world);
  if (method === 'POST') {
    const id = 'made-by-graph';
    next.set(`${path}/${id}`, { ...(body as WireObject), id });
    return { world: next, id };
  }
  const old = next.get(path);
  if (old === undefined) throw new Error(`404: ${method} ${path}`);
  if (method === 'DELETE') next.delete(path);
  if (method === 'PUT') next.set(path, { ...old, ...(body as WireObject) });
  if (method === 'PATCH') next.set(path, merged(old, body as WireObject));
  if (path.startsWith(paths.policies)) {
    next.set(path, { ...next.get(path), modifiedDateTime: '2026-11-21T12:00:01.0000001Z' });
  }
  if (path.startsWith(paths.applications)) copyNames(next, next.get(path) ?? {});
  return { world: next, id: '' };
}

/** Entra hands the names of an application to its service principal. */
function copyNames(world: World, { appId, identifierUris }: WireObject): void {
  for (const [path, one] of world) {
    if (!path.startsWith(paths.servicePrincipals) || one['appId'] !== appId) continue;
    world.set(path, { ...one, servicePrincipalNames: [appId, ...(identifierUris as string[])] });
  }
}

/** Objects are merged, lists and everything else replaced. */
function merged(old: WireObject, patch: WireObject): WireObject {
  const entries = Object.entries(patch).map(([name, value]) => {
    const before = old[name];
    return [name, isObject(value) && isObject(before) ? merged(before, value) : value] as const;
  });
  return { ...old, ...Object.fromEntries(entries) };
}

/** What a GET shows; null where nothing is there. */
export function read(world: World, url: string): unknown {
  const client = /\$filter=clientId%20eq%20'([^']+)'$/.exec(url)?.[1];
  if (client === undefined) return world.get(pathOf(url)) ?? null;
  return { value: [...world.values()].filter((one) => one['clientId'] === client) };
}

function pathOf(url: string): string {
  const path = decodeURIComponent(url.split('?')[0] ?? '');
  return path.startsWith('/subscriptions/') ? path.toLowerCase() : path;
}

function at(document: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>(
      (value, token) => (isObject(value) || Array.isArray(value) ? (value as WireObject)[token] : null) ?? null,
      document,
    );
}

function isObject(value: unknown): value is WireObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
