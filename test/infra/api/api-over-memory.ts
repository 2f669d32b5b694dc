import { accountTags } from '../../../domain/audit/account-tags.ts';
import { auditShard } from '../../../domain/audit/audit-shard.ts';
import { dispatchOutbox } from '../../../domain/audit/dispatch-outbox.ts';
import { planAudit } from '../../../domain/audit/plan-audit.ts';
import type { FindingStore } from '../../../domain/audit/ports.ts';
import type { Settings } from '../../../domain/model/settings.ts';
import type { StorageAccount } from '../../../domain/model/storage-account.ts';
import { handleRequest, type HandlePorts } from '../../../infra/api/handle.ts';
import { problemType } from '../../../infra/api/problem.ts';
import { guid, settings } from '../../domain/build.ts';
import { directoryOf, onlyRules } from '../../domain/estate.ts';
import { memoryPorts, type MemoryPorts } from '../../domain/memory-ports.ts';
import { waiverIds } from '../../domain/waiver-ids.ts';
import { type Answered, undescribed } from './described.ts';

/** People by the token that stands for them, with their roles. */
export const people = {
  reader: { objectId: guid(0x71), roles: ['Findings.Read'] },
  writer: { objectId: guid(0x72), roles: ['Findings.Read', 'Findings.Write'] },
  approver: { objectId: guid(0x73), roles: ['Findings.Read', 'Waivers.Approve'] },
  /** Asks for waivers, and may approve those of others. */
  both: { objectId: guid(0x74), roles: ['Findings.Read', 'Findings.Write', 'Waivers.Approve'] },
  stranger: { objectId: guid(0x75), roles: ['Something.Else'] },
} as const;
type Person = keyof typeof people;

export interface Asking {
  readonly as?: Person;
  /** JSON. */
  readonly body?: unknown;
  /** As it is sent, in place of JSON. */
  readonly raw?: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface JsonAnswered extends Answered {
  readonly json: Readonly<Record<string, unknown>>;
}

export interface ApiOverMemory {
  readonly memory: MemoryPorts;
  /** What the log was told. */
  readonly told: string[];
  /** Answers a request; each answer is held against the OpenAPI document. @param path below `/v1` */
  ask(method: string, path: string, asking?: Asking): Promise<JsonAnswered>;
  /** A nightly audit, sent to history. */
  night(runId: string): Promise<void>;
  /** All that requests could change. */
  everything(): Promise<unknown>;
}

export interface ApiOverMemoryOptions {
  readonly accounts: readonly StorageAccount[];
  readonly consented?: readonly string[];
  readonly given?: Partial<Settings>;
  /** In place of what requests would work over; the audits keep their own. */
  readonly instead?: Partial<HandlePorts>;
  readonly findings?: (store: FindingStore) => FindingStore;
}

/** The API over stores in memory, with tokens that are the names of people. */
export function apiOverMemory({
  accounts,
  consented = [],
  given = {},
  instead = {},
  findings = (store) => store,
}: ApiOverMemoryOptions): ApiOverMemory {
  const memory = memoryPorts(
    accounts,
    directoryOf(
      accounts.map(({ name }) => name),
      consented,
    ),
  );
  const configured = settings({ rules: onlyRules('consent-granted', 'coverage-lost'), ...given });
  const told: string[] = [];
  const ports: HandlePorts = {
    ...memory,
    findings: findings(memory.findings),
    settings: configured,
    accountTags: () => accountTags(memory),
    callerCheck: (headers) => Promise.resolve(callerOf(headers)),
    rateLimit: () => ({ allowed: true }),
    pageKey: () => Promise.resolve('a key for tests'),
    waiverId: waiverIds(),
    latencies: { latest: () => Promise.resolve([]) },
    dispatch: async () => {
      await dispatchOutbox(memory);
    },
    tell: (text) => void told.push(text),
    ...instead,
  };
  return {
    memory,
    told,
    async ask(method, path, { as = 'writer', body, raw, headers = {} } = {}) {
      const request = new Request(`https://kerbwatch.example/api/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${as}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined && raw === undefined ? {} : { body: raw ?? JSON.stringify(body) }),
      });
      const { status, ...answer } = await handleRequest(request, ports);
      const answered = { status, headers: new Headers(answer.headers), body: answer.body };
      const faults = undescribed(method, path, answered);
      if (faults.length > 0) throw new Error(`${method} ${path}: ${faults.join('; ')}`);
      const json = answer.body === '' ? {} : (JSON.parse(answer.body) as JsonAnswered['json']);
      return { ...answered, json };
    },
    async night(runId) {
      memory.world.now += 60_000;
      const { shards } = await planAudit(runId, configured, memory);
      for (let number = 0; number < shards; number += 1) await auditShard(runId, number, configured, memory);
      await dispatchOutbox(memory);
    },
    async everything() {
      const { store, sent } = memory;
      const waivers = await store.waivers.all();
      return JSON.stringify([store.all(), store.appended(), store.unsent(), store.commits.written, waivers, sent]);
    },
  };
}

function callerOf(headers: Headers): Awaited<ReturnType<HandlePorts['callerCheck']>> {
  const token = headers.get('authorization')?.replace('Bearer ', '') ?? '';
  if (!(token in people)) {
    const problem = { status: 401, type: problemType('no-token'), title: 'Sign in', detail: 'Send a token.' };
    return { problem };
  }
  const { objectId, roles } = people[token as Person];
  return { caller: { actor: { kind: 'user', objectId }, roles } };
}
