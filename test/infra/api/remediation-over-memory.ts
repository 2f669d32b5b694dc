import { handleRemediationRequest } from '../../../infra/api/handle-remediation.ts';
import type { Handling } from '../../../infra/api/answer-request.ts';
import type { RemediationApiPorts } from '../../../infra/api/remediation-ports.ts';
import type { AppRole } from '../../../infra/api/auth/app-roles.ts';
import type { Settings } from '../../../domain/model/settings.ts';
import { sha256 } from '../../../infra/digest.ts';
import { guid, settings } from '../../domain/build.ts';
import { memoryPorts, type MemoryPorts } from '../../domain/memory-ports.ts';
import { remediationOpenApi, undescribed } from './described.ts';

/** People by the token that stands for them, with their roles. */
export const people = {
  reader: { objectId: guid(0x81), roles: ['Findings.Read'] },
  approver: { objectId: guid(0x82), roles: ['Remediation.Approve'] },
  other: { objectId: guid(0x83), roles: ['Remediation.Approve'] },
  /** An application with the role, which its owner signs in as. */
  app: { objectId: guid(0x85), roles: ['Remediation.Approve'] },
  writer: { objectId: guid(0x84), roles: ['Findings.Write', 'Waivers.Approve'] },
} as const satisfies Record<string, { readonly objectId: string; readonly roles: readonly AppRole[] }>;

export type Person = keyof typeof people;

export interface RemediationOverMemory {
  readonly memory: MemoryPorts;
  ask(
    method: string,
    path: string,
    asking?: { readonly as?: Person; readonly body?: object; readonly ifMatch?: string },
  ): Promise<{
    readonly status: number;
    readonly etag: string | null;
    readonly json: Readonly<Record<string, unknown>>;
  }>;
}

/** The remediator's API over stores in memory; each answer is held against its OpenAPI document. */
export function remediationOverMemory(
  given: Partial<Settings> = {},
  instead: Partial<Handling<RemediationApiPorts>> = {},
): RemediationOverMemory {
  const memory = memoryPorts([]);
  const ports: Handling<RemediationApiPorts> = {
    ...memory,
    setAside: { list: () => Promise.resolve([]), take: () => Promise.resolve(false) },
    policy: () => Promise.resolve(null),
    makers: () => Promise.resolve(null),
    digest: sha256,
    settings: settings({ remediation: { 'grant-consent': 'auto', 'exclude-app-from-policy': 'approve' }, ...given }),
    callerCheck: (headers) => {
      const name = headers.get('authorization')?.replace('Bearer ', '') as Person;
      const { objectId, roles } = people[name];
      return Promise.resolve({ caller: { actor: { kind: name === 'app' ? 'application' : 'user', objectId }, roles } });
    },
    rateLimit: () => ({ allowed: true }),
    dispatch: () => Promise.resolve(),
    tell: (text) => {
      throw new Error(text);
    },
    ...instead,
  };
  return {
    memory,
    async ask(method, path, { as = 'approver', body, ifMatch } = {}) {
      const request = new Request(`https://kerbwatch.example/api/remediation/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${as}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const answer = await handleRemediationRequest(request, ports);
      const headers = new Headers(answer.headers);
      const faults = undescribed(method, path, { ...answer, headers }, remediationOpenApi);
      if (faults.length > 0) throw new Error(`${method} ${path}: ${faults.join('; ')}`);
      const json = answer.body === '' ? {} : (JSON.parse(answer.body) as Readonly<Record<string, unknown>>);
      return { status: answer.status, etag: headers.get('etag'), json };
    },
  };
}
