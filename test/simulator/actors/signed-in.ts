import type { CallerCheck } from '../../../infra/api/caller.ts';

const header = 'X-Simulated-Person';

/** The headers of somebody who has signed in. @param objectId of the person */
export function signedIn(objectId: string): Headers {
  return new Headers({ [header]: objectId, 'Content-Type': 'application/json' });
}

/** Takes the person from the headers, as from a token that was validated. */
export const personIn: CallerCheck = (headers) =>
  Promise.resolve({
    caller: {
      actor: { kind: 'user', objectId: headers.get(header) },
      roles: ['Findings.Read', 'Remediation.Approve'],
    },
  });
