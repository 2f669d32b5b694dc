import { type Failure, failureOf, failureOfStatus, MalformedAnswer } from '../failure.ts';
import { idOf, isWireObject } from '../wire-object.ts';
import type { GraphChannel } from './graph-channel.ts';

/** Least delegated permission with which a user's id can be read by name. */
export const findUserPermission = 'User.ReadBasic.All';

export type UserReading =
  | { readonly state: 'found'; readonly id: string }
  | { readonly state: 'absent' }
  | { readonly state: 'unreadable'; readonly failure: Failure };

/** Whether a user is named by object id, which needs no look-up. */
export function isObjectId(user: string): boolean {
  return /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/iu.test(user);
}

/**
 * The object id of a user.
 * @param user object id or user principal name
 * @throws SignInRefused, AbortError
 */
export async function findUser(graph: GraphChannel, user: string): Promise<UserReading> {
  if (isObjectId(user)) return { state: 'found', id: user.toLowerCase() };
  try {
    const { status, body } = await graph.send('GET', `/v1.0/users/${encodeURIComponent(user)}?$select=id`);
    // A name that is none is answered 400.
    if (status === 404 || status === 400) return { state: 'absent' };
    if (status !== 200) return { state: 'unreadable', failure: failureOfStatus(status, findUserPermission) };
    const id = isWireObject(body) ? idOf(body) : null;
    if (id === null) throw new MalformedAnswer('Microsoft Graph sent a user without an id.');
    return { state: 'found', id: id.toLowerCase() };
  } catch (error) {
    return { state: 'unreadable', failure: failureOf(error, findUserPermission) };
  }
}
