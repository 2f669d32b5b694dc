import type { Collection, CollectionName, Gap, GapReason } from '../../domain/model/collection.ts';
import { collected, unavailable } from '../../domain/model/collection.ts';
import type { WireObject } from '../estate-source.ts';
import { ForeignNextLink } from './foreign-link.ts';
import { SignInRefused } from './identity/sign-in-refused.ts';

/** Why a read ended early, and the permission that would mend it. */
export interface Failure {
  readonly reason: GapReason;
  readonly needs: string | null;
}

/** What a read gave before it ended; `failure` is null where it ended because all was read. */
export interface Reading {
  readonly items: readonly WireObject[];
  readonly failure: Failure | null;
}

/** A page or an object that is not what the service's contract says. */
export class MalformedAnswer extends Error {
  override readonly name = 'MalformedAnswer';
}

/** The failure that an HTTP status means. */
export function failureOfStatus(status: number, needs: string | null): Failure {
  if (status === 401) return { reason: 'unauthorized', needs };
  if (status === 403) return { reason: 'forbidden', needs };
  if (status === 429) return { reason: 'throttled', needs: null };
  return { reason: 'server-error', needs: null };
}

/**
 * The failure that an error means.
 *
 * @throws the error itself where it must not become a gap: a refused sign-in or an abort ends the whole read.
 */
export function failureOf(error: unknown, needs: string | null): Failure {
  if (error instanceof SignInRefused) throw error;
  if (error instanceof Error && error.name === 'AbortError') throw error;
  if (error instanceof MalformedAnswer || error instanceof SyntaxError || error instanceof ForeignNextLink) {
    return { reason: 'malformed', needs: null };
  }
  const status = statusOf(error);
  return status === null ? { reason: 'unreachable', needs: null } : failureOfStatus(status, needs);
}

/**
 * The failure that an error means where the answer's status is known from elsewhere: reading an error's body, the SDKs
 * trip over one that is not in the expected shape, and then say nothing of the status.
 */
export function failureOfAnswer(error: unknown, status: number | null, needs: string | null): Failure {
  return status !== null && status >= 400 ? failureOfStatus(status, needs) : failureOf(error, needs);
}

/** The HTTP status of an SDK's error, null where no answer came. */
export function statusOf(error: unknown): number | null {
  if (!(error instanceof Error) || !('statusCode' in error)) return null;
  const status = Number(error.statusCode);
  return Number.isInteger(status) && status > 0 ? status : null;
}

export function gap(collection: CollectionName, scope: string, failure: Failure): Gap {
  return { collection, scope, reason: failure.reason, needs: failure.needs };
}

/** A tenant-wide list: known, partial where something was read before the failure, else unavailable. */
export function collectionOf(name: CollectionName, { items, failure }: Reading): Collection<WireObject> {
  if (failure === null) return collected(items, []);
  const gaps = [gap(name, 'tenant', failure)];
  return items.length === 0 ? unavailable(...gaps) : collected(items, gaps);
}
