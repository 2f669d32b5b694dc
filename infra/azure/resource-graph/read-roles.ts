import { type Collection, itemsOf, unavailable } from '../../../domain/model/collection.ts';
import type { WireObject } from '../../estate-source.ts';
import { type Failure, failureOf, gap } from '../failure.ts';
import { anyRoleAssignmentQuery, roleAssignmentsQuery, roleDefinitionsQuery } from './queries.ts';
import { hasRows, type RowsReader } from './read-all-rows.ts';
import { batchesOf, readResources } from './read-resources.ts';
import { shareRoleIds } from './share-roles.ts';
import type { VisibleSubscriptions } from './visible-subscriptions.ts';

const definitionsRead = 'Microsoft.Authorization/roleDefinitions/read';
const assignmentsRead = 'Microsoft.Authorization/roleAssignments/read';
/** What is given at a management group or at `/` holds below it. */
const scopeFilter = 'AtScopeAboveAndBelow';

/**
 * All role definitions. Who may not see them gets no rows and no error; yet no subscription is without the built-in ones.
 *
 * @throws SignInRefused and AbortError
 */
export async function readRoleDefinitions(
  reader: RowsReader,
  visible: VisibleSubscriptions,
): Promise<Collection<WireObject>> {
  const request = {
    collection: 'role-definitions',
    query: roleDefinitionsQuery,
    needs: definitionsRead,
    scopeFilter,
  } as const;
  const read = await readResources(reader, request, visible);
  if (read.state !== 'known' || read.items.length > 0 || visible.ids.length === 0) return read;
  return unavailable(gap('role-definitions', 'tenant', { reason: 'not-visible', needs: definitionsRead }));
}

/**
 * The assignments of roles that may give rights on file shares, judged by the definitions that were read; without any, those
 * of the built-in share roles.
 *
 * @throws SignInRefused and AbortError
 */
export async function readRoleAssignments(
  reader: RowsReader,
  visible: VisibleSubscriptions,
  definitions: Collection<WireObject>,
): Promise<Collection<WireObject>> {
  const query = roleAssignmentsQuery(shareRoleIds(itemsOf(definitions)));
  const request = { collection: 'role-assignments', query, needs: assignmentsRead, scopeFilter } as const;
  const read = await readResources(reader, request, visible);
  if (read.state !== 'known' || read.items.length > 0 || visible.ids.length === 0) return read;
  const failure = await blindness(reader, visible);
  return failure === null ? read : unavailable(gap('role-assignments', 'tenant', failure));
}

/** Why an empty answer proves nothing; null where the caller sees other assignments, its own at least. */
async function blindness(reader: RowsReader, visible: VisibleSubscriptions): Promise<Failure | null> {
  try {
    for (const subscriptions of batchesOf(visible.ids)) {
      const request = { query: anyRoleAssignmentQuery, subscriptions, needs: assignmentsRead, scopeFilter } as const;
      if (await hasRows(reader, request)) return null;
    }
    return { reason: 'not-visible', needs: assignmentsRead };
  } catch (error) {
    return failureOf(error, assignmentsRead);
  }
}
