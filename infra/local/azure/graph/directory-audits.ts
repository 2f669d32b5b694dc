import type { LocalCloud, LocalRequest, LocalResponse, Route } from '../exchange.ts';
import { nextQuery, pageOf } from '../page.ts';
import { Refusal } from '../refusal.ts';
import { isWireObject, sameText, textOf, type WireObject } from '../wire-object.ts';
import { contextOf } from './read.ts';

const path = '/auditLogs/directoryAudits';

export const directoryAuditRoutes: readonly Route[] = [
  { method: 'GET', path: /^\/auditLogs\/directoryAudits$/i, answer: listAudits },
];

function listAudits(cloud: LocalCloud, { query }: LocalRequest): LocalResponse {
  if (cloud.faults.isForbidden('directory-audits')) {
    throw new Refusal(403, 'Authentication_RequestFromUnsupportedUserRole', 'User is not in the allowed roles.');
  }
  const filter = query.get('$filter') ?? '';
  const matching = cloud.audits.all().filter(filterOf(filter));
  const page = pageOf(matching, cloud.pageSize.graph, query.get('$skiptoken'), `${path}?${filter}`);
  const next =
    page.next === null ? {} : { '@odata.nextLink': `${cloud.origin}/v1.0${path}?${nextQuery(query, page.next)}` };
  return { status: 200, body: { '@odata.context': contextOf(cloud, path), value: page.items, ...next } };
}

type Predicate = (record: WireObject) => boolean;

/** `activityDateTime ge|le|eq …`, `activityDisplayName eq '…'` and `targetResources/any(t:t/id eq '…')`, joined by `and`. */
function filterOf(text: string): Predicate {
  const clauses = text === '' ? [] : text.split(/ and /iu).map(clauseOf);
  return (record) => clauses.every((matches) => matches(record));
}

function clauseOf(clause: string): Predicate {
  const [, operator, time] = /^activityDateTime (ge|le|eq) (\S+)$/iu.exec(clause.trim()) ?? [];
  const at = Date.parse(time ?? '');
  if (operator !== undefined && !Number.isNaN(at)) {
    return (record) => compared(Date.parse(textOf(record, 'activityDateTime') ?? ''), operator.toLowerCase(), at);
  }
  const [, activity] = /^activityDisplayName eq '((?:[^']|'')*)'$/iu.exec(clause.trim()) ?? [];
  if (activity !== undefined)
    return (record) => textOf(record, 'activityDisplayName') === activity.replaceAll("''", "'");
  const [, variable, same, id] =
    /^targetResources\/any\(\s*(\w+)\s*:\s*(\w+)\/id eq '((?:[^']|'')*)'\s*\)$/iu.exec(clause.trim()) ?? [];
  if (id !== undefined && variable === same) {
    return ({ targetResources }) =>
      Array.isArray(targetResources) &&
      targetResources.some((target) => isWireObject(target) && sameText(textOf(target, 'id') ?? '', id));
  }
  throw new Refusal(400, 'BadRequest', `Invalid filter clause: ${clause}`);
}

function compared(at: number, operator: string, wanted: number): boolean {
  if (operator === 'ge') return at >= wanted;
  return operator === 'le' ? at <= wanted : at === wanted;
}
