import { type JobView, viewJob } from '../../../domain/remediation/job-view.ts';
import { type JobDocument, jobDocument } from '../../documents/job-document.ts';
import { sha256 } from '../../digest.ts';
import type { Caller } from '../caller.ts';
import { checkPrecondition, type Precondition } from '../entity-tags.ts';
import type { Reply } from '../operation.ts';
import type { RemediationApiPorts } from '../remediation-ports.ts';
import { refused, type RequestRefused } from '../refusals.ts';

/** How a job's id begins, as people shorten it: fewer digits could be those of another. */
const shortened = /^[\da-f]{8,39}$/u;

/** The job that a path names, by its id or how that begins. @throws RequestRefused where there is none, or more than one */
export async function askedJob(id: string, ports: RemediationApiPorts): Promise<JobView> {
  // What cannot be the key of a row was never one.
  const named = /^[\w-]{1,64}$/u.test(id) ? await viewJob(id, ports.settings, ports) : null;
  const view = named ?? (shortened.test(id) ? await onlyJobThatBegins(id, ports) : null);
  if (view === null) throw noSuchJob(id);
  return view;
}

async function onlyJobThatBegins(id: string, ports: RemediationApiPorts): Promise<JobView | null> {
  const ids: string[] = [];
  for await (const { job } of ports.jobs.list()) if (job.jobId.startsWith(id)) ids.push(job.jobId);
  const [only, ...others] = ids;
  if (others.length > 0) {
    throw refused('not-found', `${String(ids.length)} jobs begin with ${id}; name one by more of its id.`);
  }
  return only === undefined ? null : viewJob(only, ports.settings, ports);
}

export function noSuchJob(id: string): RequestRefused {
  return refused('not-found', `There is no job ${JSON.stringify(id.slice(0, 64))}; GET /jobs lists those there are.`);
}

export function jobReply(view: JobView): Reply<JobDocument> {
  return { document: jobDocument(view), version: versionOf(view) };
}

/** @throws RequestRefused where `If-Match` names another version than that of the job */
export function checkJob(precondition: Precondition | null, view: JobView): void {
  checkPrecondition(precondition, versionOf(view), `Job ${view.stored.job.jobId}`);
}

/** Object id of who calls, a person or an application, lower case. @throws RequestRefused for a token that names nobody */
export function callerOf({ actor }: Caller): string {
  if (actor.objectId !== null) return actor.objectId.toLowerCase();
  throw refused('role', 'Your token names nobody, and a decision has a name: sign in as a person.');
}

/**
 * Object id of the person who calls, lower case. Whoever owns an application could approve through it what they asked for
 * themselves. @throws RequestRefused for the token of an application
 */
export function deciderOf(caller: Caller): string {
  if (caller.actor.kind === 'user') return callerOf(caller);
  throw refused('role', 'An application cannot decide this, whatever its roles: sign in as a person.');
}

/** Whatever a person goes by: the plan, how far the job is, and what was decided on it. */
function versionOf({ stored, planDigest, approval }: JobView): string {
  return sha256(JSON.stringify([planDigest, stored.version, stored.state, approval.state]));
}
