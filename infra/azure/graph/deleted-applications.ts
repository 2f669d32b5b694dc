import type { GraphChannel } from './graph-channel.ts';
import { readAllPages } from './read-all-pages.ts';

/** What is deleted stays in this list for 30 days, and can be restored until then. */
const deletedApplications = {
  path: '/v1.0/directory/deletedItems/microsoft.graph.application?$select=id,appId&$top=999',
  needs: 'Application.Read.All',
};

/**
 * The appIds, lower case, of the applications that were deleted and can be restored; null where the list was not read whole.
 * @throws SignInRefused, AbortError
 */
export async function readDeletedApplications(graph: GraphChannel): Promise<ReadonlySet<string> | null> {
  const { items, failure } = await readAllPages(graph, deletedApplications);
  if (failure !== null) return null;
  const appIds = items.map(({ appId }) => appId);
  // One that does not say which app it was may be any.
  if (!appIds.every((appId) => typeof appId === 'string')) return null;
  return new Set(appIds.map((appId) => appId.toLowerCase()));
}
