import type { LocalCloud, LocalRequest, LocalResponse } from '../exchange.ts';
import { nextQuery, pageOf } from '../page.ts';
import type { WireObject } from '../wire-object.ts';

/** One page of an ARM list, with a `nextLink` on this server's own origin while there is more. */
export function armPage(cloud: LocalCloud, request: LocalRequest, items: readonly WireObject[]): LocalResponse {
  const list = request.path.toLowerCase();
  const page = pageOf(items, cloud.pageSize.arm, request.query.get('$skiptoken'), list);
  if (page.next === null) return { status: 200, body: { value: page.items } };
  return {
    status: 200,
    body: {
      value: page.items,
      nextLink: `${cloud.origin}${encodeURI(request.path)}?${nextQuery(request.query, page.next)}`,
    },
  };
}
