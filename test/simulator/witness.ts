import type { KnownFacts } from '../../domain/audit/drift-ports.ts';
import type { Effect } from '../../domain/audit/ports.ts';
import type { Run } from '../../domain/audit/run.ts';
import type { FactChange } from '../../domain/drift/fact-change.ts';
import type { Finding, Transition } from '../../domain/findings/finding.ts';
import { isFaulty } from '../../domain/findings/lifecycle.ts';
import type { Entity } from '../../infra/azure/tables/entity.ts';
import { taskPartition } from '../../infra/azure/tables/job-store.ts';
import { unpackJson } from '../../infra/azure/tables/json-properties.ts';
import { queues } from '../../infra/names.ts';
import type { JobState, RemediationJob } from '../../domain/remediation/job.ts';
import type { SimulatedMessage } from './broker/queue.ts';
import type { TableName } from './store/store.ts';

/** A transition as it was committed, with the finding as it was then. */
export interface Seen {
  readonly partition: string;
  readonly transition: Transition;
  readonly finding: Finding;
  /** When it was committed. */
  readonly at: number;
}

/** Something that a person began, before anything came of it. */
export interface Deed {
  readonly kind: 'acknowledge' | 'unacknowledge' | 'waive' | 'unwaive';
  /** Object id. */
  readonly by: string;
  /** A finding's id, or a waiver's. */
  readonly about: string;
  readonly at: number;
}

/** What the product has bound itself to by what it stored; each is told as it is stored. */
export interface WitnessListeners {
  readonly onRunFinished: (run: Run) => void;
  readonly onTransition: (seen: Seen) => void;
  /** What a row of the outbox has to send. */
  readonly onOutbox: (effects: readonly Effect[]) => void;
  readonly onJob: (job: RemediationJob, state: JobState) => void;
  /** An account was judged by what was read of it then. */
  readonly onReading: (accountKey: string, readAt: number) => void;
}

/** Sees every write to the store as it happens, and forgets none: what the product says of itself is held against it. */
export interface Witness {
  readonly transitions: readonly Seen[];
  /** When a partition's first audit was over. */
  readonly baselinedAt: ReadonlyMap<string, number>;
  readonly finishedRuns: readonly Run[];
  readonly deeds: readonly Deed[];
  readonly onDeed: (kind: Deed['kind'], by: string, about: string) => void;
  /** When the product first sent a message: by its entity and id, or the id of its job. */
  readonly sentAt: ReadonlyMap<string, number>;
  readonly onSent: (entity: string, message: SimulatedMessage) => void;
  /** When the facts were read that a finding rested on, each time it was written; by partition and row. */
  readonly restedOn: ReadonlyMap<string, readonly number[]>;
  /** When it was first kept that somebody took an alert; by partition. */
  readonly tookAt: ReadonlyMap<string, number>;
  /** What was stored to be told of the facts of accounts, and when it first was; by id. */
  readonly changes: ReadonlyMap<string, { readonly change: FactChange; readonly at: number }>;
  readonly onWrite: (table: TableName, written: readonly Entity[]) => void;
}

export function createWitness({
  now,
  onRunFinished,
  onTransition,
  onOutbox,
  onJob,
  onReading,
}: WitnessListeners & { readonly now: () => number }): Witness {
  const transitions: Seen[] = [];
  const baselinedAt = new Map<string, number>();
  const finishedRuns: Run[] = [];
  const deeds: Deed[] = [];
  const sentAt = new Map<string, number>();
  const restedOn = new Map<string, number[]>();
  const tookAt = new Map<string, number>();
  const changes = new Map<string, { readonly change: FactChange; readonly at: number }>();

  function seeFindings(written: readonly Entity[]): void {
    for (const { partitionKey, rowKey, ...properties } of written) {
      if (rowKey.startsWith('o~')) onOutbox(unpackJson('body', properties) as readonly Effect[]);
      if (rowKey.startsWith('f~')) {
        const name = `${partitionKey}/${rowKey}`;
        const { factsReadAt } = unpackJson('body', properties) as Finding;
        restedOn.set(name, [...(restedOn.get(name) ?? []), factsReadAt]);
      }
      if (!rowKey.startsWith('t~')) continue;
      const name = rowKey.slice(2, rowKey.lastIndexOf('~'));
      const stored = written.find((entity) => entity.rowKey === `f~${name}`);
      const seen: Seen = {
        partition: partitionKey,
        transition: unpackJson('body', properties) as Transition,
        finding: unpackJson('body', stored ?? {}) as Finding,
        at: now(),
      };
      transitions.push(seen);
      onTransition(seen);
    }
  }

  function seeRuns(written: readonly Entity[]): void {
    for (const { partitionKey, rowKey, ...properties } of written) {
      if (partitionKey === 'baseline' && !baselinedAt.has(rowKey)) baselinedAt.set(rowKey, now());
      if (rowKey !== 'run') continue;
      const run = unpackJson('body', properties) as Run;
      if (run.finishedAt === null) continue;
      finishedRuns.push(run);
      onRunFinished(run);
    }
  }

  function seeJobs(written: readonly Entity[]): void {
    for (const { partitionKey, rowKey: _, ...properties } of written) {
      if (partitionKey === taskPartition) continue;
      onJob(unpackJson('body', properties) as RemediationJob, properties['state'] as JobState);
    }
  }

  function seeAccounts(written: readonly Entity[]): void {
    for (const { partitionKey: _, rowKey, ...properties } of written) {
      if (rowKey.startsWith('facts~')) seeChanges(properties);
      if (!rowKey.startsWith('read~')) continue;
      const { accountKey, readAt } = unpackJson('body', properties) as { accountKey: string; readAt: number };
      onReading(accountKey, readAt);
    }
  }

  function seeChanges(properties: Readonly<Record<string, unknown>>): void {
    const { facts } = unpackJson('body', properties) as { readonly facts: KnownFacts };
    for (const change of facts.pending) if (!changes.has(change.id)) changes.set(change.id, { change, at: now() });
  }

  function seeInbox(written: readonly Entity[]): void {
    for (const { partitionKey } of written)
      if (partitionKey.startsWith('alert~') && !tookAt.has(partitionKey)) tookAt.set(partitionKey, now());
  }

  return {
    sentAt,
    restedOn,
    tookAt,
    changes,
    onSent(entity, { messageId, body }) {
      const { jobId } = entity === queues.remediationJobs ? jobIn(body) : { jobId: messageId };
      const name = `${entity}/${jobId}`;
      if (!sentAt.has(name)) sentAt.set(name, now());
    },
    transitions,
    baselinedAt,
    finishedRuns,
    deeds,
    onDeed: (kind, by, about) => void deeds.push({ kind, by, about, at: now() }),
    onWrite(table, written) {
      if (table === 'findings') seeFindings(written);
      else if (table === 'runs') seeRuns(written);
      else if (table === 'jobs') seeJobs(written);
      else if (table === 'accounts') seeAccounts(written);
      else if (table === 'inbox') seeInbox(written);
    },
  };
}

function jobIn(body: string): { readonly jobId: string } {
  return (JSON.parse(body) as { readonly data: { readonly jobId: string } }).data;
}

export function opens({ transition: { before, after } }: Seen): boolean {
  return isFaulty(after.state) && (before === null || !isFaulty(before.state));
}
