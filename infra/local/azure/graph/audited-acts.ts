import type { CollectionName } from '../../../../domain/model/collection.ts';
import type { LocalCloud, LocalRequest, LocalResponse } from '../exchange.ts';
import { collectionOf } from '../local-tenant.ts';
import { isWireObject, textOf, type WireObject } from '../wire-object.ts';
import type { AuditedAct } from './audit-trail.ts';
import { modifiedApp, modifiedGrant, modifiedPolicy } from './modified-properties.ts';

/** What was done, and how its record tells the object before and after. */
type Act = Pick<AuditedAct, 'category' | 'targets'> & {
  readonly what: string;
  readonly stored?: CollectionName;
  readonly modified?: (before: WireObject | null, after: WireObject | null) => AuditedAct['modified'];
};
type ActOf = (cloud: LocalCloud, request: LocalRequest, id: string) => Act;

const policies = /^\/identity\/conditionalAccess\/policies(?:\/([^/]+))?$/i;
const grants = /^\/oauth2PermissionGrants(?:\/([^/]+))?$/i;

/** The writes that Entra audits, by path: what they are called (R/K in the domain facts) and whom they concern. */
const acts: readonly { readonly path: RegExp; readonly act: ActOf }[] = [
  { path: /^\/applications\/([^/]+)$/i, act: (_, request, id) => ofApp('application', id, request) },
  { path: /^\/servicePrincipals\/([^/]+)$/i, act: (_, request, id) => ofApp('service principal', id, request) },
  {
    path: grants,
    act: (cloud, request, id) => {
      const grant =
        id === '' ? request.body : collectionOf(cloud.tenant, 'oauth2-permission-grants').get(id.toLowerCase());
      const { clientId, resourceId } = isWireObject(grant) ? grant : ({} as WireObject);
      const targets = [resourceId, clientId].filter((target) => typeof target === 'string');
      return {
        what: 'delegated permission grant',
        category: 'ApplicationManagement',
        targets,
        stored: 'oauth2-permission-grants',
        modified: modifiedGrant,
      };
    },
  },
  {
    path: policies,
    act: (_, __, id) => ({
      what: 'conditional access policy',
      category: 'Policy',
      targets: [id],
      stored: 'conditional-access-policies',
      modified: modifiedPolicy,
    }),
  },
  {
    path: /^\/policies\/identitySecurityDefaultsEnforcementPolicy$/i,
    act: () => ({ what: 'security defaults', category: 'Policy', targets: ['00000000-0000-0000-0000-000000000005'] }),
  },
];

const words: Readonly<Record<string, string>> = { POST: 'Add', PATCH: 'Update', DELETE: 'Delete' };
/** A principal and a grant are removed, and a grant is not updated but given anew. */
const otherWords: Readonly<Record<string, string>> = {
  'Delete service principal': 'Remove service principal',
  'Delete delegated permission grant': 'Remove delegated permission grant',
  'Update delegated permission grant': 'Add delegated permission grant',
};

function ofApp(what: 'application' | 'service principal', id: string, { method, body }: LocalRequest): Act {
  const members = method === 'PATCH' && isWireObject(body) ? Object.keys(body) : [];
  return {
    what,
    category: 'ApplicationManagement',
    targets: [id],
    stored: what === 'application' ? 'applications' : 'service-principals',
    modified: (before, after) => members.map((member) => modifiedApp(member, before, after)),
  };
}

/** Answers a request, and writes down an act that succeeded. What is about to be deleted is looked at first. */
export function audited(cloud: LocalCloud, request: LocalRequest, answer: () => LocalResponse): LocalResponse {
  const word = words[request.method];
  const found = acts.find(({ path }) => path.test(request.path));
  if (word === undefined || found === undefined) return answer();
  const id = found.path.exec(request.path)?.[1] ?? '';
  const { what, category, targets, stored, modified } = found.act(cloud, request, id);
  const before = objectIn(cloud, stored, id);
  const response = answer();
  // A thing that was just made has its id in the answer only.
  const made = id === '' && targets.includes('') ? [textOf(bodyOf(response), 'id') ?? ''] : targets;
  const activity = otherWords[`${word} ${what}`] ?? `${word} ${what}`;
  const after = objectIn(cloud, stored, id === '' ? (textOf(bodyOf(response), 'id') ?? '') : id);
  const properties = modified?.(before, after) ?? [];
  cloud.audits.record(cloud.clock(), request.actor, { activity, category, targets: made, modified: properties });
  return response;
}

/** A copy: what is stored may be changed in place. */
function objectIn({ tenant }: LocalCloud, name: CollectionName | undefined, id: string): WireObject | null {
  const object = name === undefined ? undefined : collectionOf(tenant, name).get(id.toLowerCase());
  return object === undefined ? null : structuredClone(object);
}

function bodyOf({ body }: LocalResponse): WireObject {
  return isWireObject(body) ? body : {};
}
