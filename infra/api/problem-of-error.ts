import { FindingFromNewerVersion, FindingRefuses, FindingUnknown } from '../../domain/audit/change-finding.ts';
import { NoteInvalid } from '../../domain/audit/acknowledge.ts';
import { FindingConflict } from '../../domain/audit/ports.ts';
import { WaiverRefuses } from '../../domain/audit/store-waiver.ts';
import { WaiverUnknown } from '../../domain/audit/waive.ts';
import { WaiverInvalid } from '../../domain/findings/new-waiver.ts';
import { BrakeUnreadable } from '../../domain/remediation/brakes.ts';
import { BrakesBusy } from '../../domain/remediation/change-brakes.ts';
import { RequeueRefused } from '../../domain/remediation/requeue-job.ts';
import { UndoRefused } from '../../domain/remediation/undo-job.ts';
import { ApiMisconfigured } from './auth/api-misconfigured.ts';
import { misconfigured } from './auth/refused.ts';
import { BrokerUnreachable } from '../azure/service-bus/broker-unreachable.ts';
import { StoreUnreachable } from '../azure/store-unreachable.ts';
import { UnsafeKey } from '../azure/tables/keys.ts';
import type { Problem } from './problem.ts';
import { problemOf, RequestRefused } from './refusals.ts';

const retryAfterSeconds = '30';

/** What an error is for the caller: what the domain refuses in its own words, anything unexpected without a word of it. */
export function problemOfError(error: unknown): Problem {
  if (error instanceof RequestRefused) return error.problem;
  if (error instanceof WaiverInvalid) {
    return problemOf('request', `${error.message}.`, { members: { problems: error.problems } });
  }
  if (error instanceof NoteInvalid) return problemOf('request', `${error.message}.`);
  if (error instanceof FindingUnknown) return problemOf('not-found', 'The finding is not there any more.');
  if (error instanceof WaiverUnknown) return problemOf('not-found', `${error.message}.`);
  if (error instanceof FindingRefuses || error instanceof WaiverRefuses || error instanceof FindingFromNewerVersion) {
    return problemOf('refused', `${error.message}.`);
  }
  if (error instanceof FindingConflict) {
    return problemOf('conflict', 'Others changed the same findings at the same time; send the request again.', {
      headers: { 'Retry-After': '1' },
    });
  }
  if (error instanceof RequeueRefused || error instanceof UndoRefused || error instanceof BrakeUnreadable) {
    return problemOf('refused', `${error.message}.`);
  }
  if (error instanceof BrakesBusy)
    return problemOf('conflict', `${error.message}.`, { headers: { 'Retry-After': '1' } });
  if (error instanceof BrokerUnreachable) {
    return problemOf('unreachable', 'The queues of Kerbwatch do not answer; send the request again later.', {
      headers: { 'Retry-After': retryAfterSeconds },
    });
  }
  if (error instanceof UnsafeKey) return problemOf('request', 'The request names an id that nothing stored can have.');
  if (error instanceof StoreUnreachable) {
    return problemOf('unreachable', 'The storage of Kerbwatch does not answer; send the request again later.', {
      headers: { 'Retry-After': retryAfterSeconds },
    });
  }
  if (error instanceof ApiMisconfigured) return misconfigured;
  return problemOf('internal', 'The log of the function app says what; send the request again later.');
}
