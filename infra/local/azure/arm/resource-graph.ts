import type { LocalCloud, LocalRequest, LocalResponse, Route } from '../exchange.ts';
import { evaluate } from '../kql/evaluate.ts';
import { parseQuery } from '../kql/parse.ts';
import type { Query } from '../kql/query.ts';
import { UnsupportedQueryError } from '../kql/unsupported-query.ts';
import { pageOf } from '../page.ts';
import { Refusal } from '../refusal.ts';
import { ancestorsOf } from '../local-tenant.ts';
import { isWireObject, objectOf, textOf, type WireObject } from '../wire-object.ts';
import { requireApiVersion } from './api-version.ts';
import { rowsOf } from './resource-graph-rows.ts';

/** The largest page Resource Graph gives. */
const largestPage = 1000;

export const resourceGraphRoutes: readonly Route[] = [
  { method: 'POST', path: /^\/providers\/Microsoft\.ResourceGraph\/resources$/i, answer: answerQuery },
];

function answerQuery(cloud: LocalCloud, request: LocalRequest): LocalResponse {
  requireApiVersion(request);
  if (!isWireObject(request.body)) throw invalid('the body is not a JSON object');
  const text = textOf(request.body, 'query');
  if (text === undefined) throw invalid("'query' is missing");
  const options = objectOf(request.body, 'options');
  if ((textOf(options, 'resultFormat') ?? 'objectArray') !== 'objectArray') {
    throw invalid("resultFormat must be 'objectArray'");
  }
  const subscriptions = subscriptionsInScope(cloud, request.body);
  const query = parse(text);
  const inherited = includesInherited(textOf(options, 'authorizationScopeFilter'));
  const { rows, pageable } = evaluate(query, rowsOf(cloud, query.table, subscriptions, inherited));

  const top = options['$top'];
  if (top !== undefined && !(typeof top === 'number' && top >= 1 && top <= largestPage)) {
    throw invalid(`$top must be between 1 and ${String(largestPage)}`);
  }
  const size = Math.min(typeof top === 'number' ? top : largestPage, cloud.pageSize.resourceGraph);
  const page = pageOf(rows, size, textOf(options, '$skipToken') ?? null, text);
  // Without a string column there is no key to page by: Resource Graph cuts the answer off and says only 'true'.
  const skipToken = pageable && page.next !== null ? { $skipToken: page.next } : {};
  const body = {
    totalRecords: rows.length,
    count: page.items.length,
    data: page.items,
    facets: [],
    resultTruncated: !pageable && page.next !== null ? 'true' : 'false',
    ...skipToken,
  };
  const headers = { 'x-ms-user-quota-remaining': '14', 'x-ms-user-quota-resets-after': '00:00:05' };
  return { status: 200, headers, body };
}

/** Lower-cased ids of the readable subscriptions the request asks for. Unreadable ones are left out in silence. */
function subscriptionsInScope(cloud: LocalCloud, body: WireObject): ReadonlySet<string> {
  const named = lowerTexts(body['subscriptions']);
  const groups = lowerTexts(body['managementGroups']);
  const visible = cloud.tenant.subscriptions.filter((subscription) => {
    if (!subscription.readable) return false;
    if (named !== undefined) return named.has(subscription.id.toLowerCase());
    if (groups === undefined) return true;
    return ancestorsOf(cloud.tenant, subscription).some(({ name }) => groups.has(name.toLowerCase()));
  });
  if (visible.length === 0) {
    throw new Refusal(403, 'AccessDenied', 'The client has no read access to any subscription of the request.');
  }
  return new Set(visible.map(({ id }) => id.toLowerCase()));
}

/** Whether what is given above the subscriptions is asked for too. */
function includesInherited(scopeFilter: string | undefined): boolean {
  switch (scopeFilter ?? 'AtScopeAndBelow') {
    case 'AtScopeAndBelow':
      return false;
    case 'AtScopeAboveAndBelow':
      return true;
    default:
      throw invalid(`authorizationScopeFilter '${String(scopeFilter)}' is not evaluated here`);
  }
}

function lowerTexts(value: unknown): ReadonlySet<string> | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  return new Set(value.filter((item) => typeof item === 'string').map((item) => item.toLowerCase()));
}

function parse(text: string): Query {
  try {
    return parseQuery(text);
  } catch (error) {
    if (error instanceof UnsupportedQueryError) throw invalid(error.message);
    throw error;
  }
}

function invalid(reason: string): Refusal {
  const message = 'Query is invalid. Please refer to the documentation for the Azure Resource Graph service.';
  return new Refusal(400, 'BadRequest', `${message} ${reason}`, {
    details: [{ code: 'InvalidQuery', message: reason }],
  });
}
