import type { GraphMethod } from './graph/graph-channel.ts';

const guid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const select = String.raw`(?:\?\$select=[A-Za-z0-9]+(?:,[A-Za-z0-9]+)*)?`;
const grants = '/v1\\.0/oauth2PermissionGrants';
/** As `accountPath` encodes it: no dots alone, and of what is encoded only what is no ASCII. */
const resourceGroup = String.raw`(?!\.{1,2}/)(?:[\w.!~*'()-]|%[89A-F][0-9A-F])+`;
const account = `/subscriptions/${guid}/resourcegroups/${resourceGroup}/providers/microsoft\\.storage/storageaccounts/[a-z0-9]{3,24}`;

interface PlanPath {
  readonly service: 'graph' | 'arm';
  readonly path: RegExp;
  readonly methods: readonly string[];
}

/** What plans and their undos call, and nothing else: the paths of domain facts 5, to the letter. */
const planPaths: readonly PlanPath[] = [
  { service: 'graph', path: whole(grants), methods: ['POST'] },
  { service: 'graph', path: whole(`${grants}\\?\\$filter=clientId%20eq%20'${guid}'`), methods: ['GET'] },
  { service: 'graph', path: whole(`${grants}/[\\w-]{1,256}${select}`), methods: ['GET', 'PATCH', 'DELETE'] },
  {
    service: 'graph',
    path: whole(`/v1\\.0/(?:applications|servicePrincipals|identity/conditionalAccess/policies)/${guid}${select}`),
    methods: ['GET', 'PATCH'],
  },
  {
    service: 'arm',
    path: whole(`${account}/fileServices/default\\?api-version=\\d{4}-\\d{2}-\\d{2}`),
    methods: ['GET', 'PUT'],
  },
];

export type PlanRoute =
  | { readonly service: 'graph'; readonly method: GraphMethod }
  | { readonly service: 'arm'; readonly method: 'GET' | 'PUT' };

/** Which service a call of a plan goes to; null for what no plan calls. @param url path and query, never with an origin */
export function planRoute(method: string, url: string): PlanRoute | null {
  const known = planPaths.find(({ path, methods }) => path.test(url) && methods.includes(method));
  if (known === undefined) return null;
  // `methods` of the row names those of its service alone.
  return known.service === 'graph'
    ? { service: 'graph', method: method as GraphMethod }
    : { service: 'arm', method: method as 'GET' | 'PUT' };
}

function whole(pattern: string): RegExp {
  return new RegExp(`^${pattern}$`);
}
