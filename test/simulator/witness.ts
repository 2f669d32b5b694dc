import type { Run } from '../../domain/audit/run.ts';
import type { Finding, Transition } from '../../domain/findings/finding.ts';
import { isFaulty } from '../../domain/findings/lifecycle.ts';
import type { Entity } from '../../infra/azure/tables/entity.ts';
import { unpackJson } from '../../infra/azure/tables/json-properties.ts';
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

/** Sees every write to the store as it happens, and forgets none: what the product says of itself is held against it. */
export interface Witness {
  readonly transitions: readonly Seen[];
  /** When a partition's first audit was over. */
  readonly baselinedAt: ReadonlyMap<string, number>;
  readonly finishedRuns: readonly Run[];
  readonly deeds: readonly Deed[];
  readonly onDeed: (kind: Deed['kind'], by: string, about: string) => void;
  readonly onWrite: (table: TableName, written: readonly Entity[]) => void;
}

export function createWitness({
  now,
  onRunFinished,
}: {
  readonly now: () => number;
  readonly onRunFinished: (run: Run) => void;
}): Witness {
  const transitions: Seen[] = [];
  const baselinedAt = new Map<string, number>();
  const finishedRuns: Run[] = [];
  const deeds: Deed[] = [];

  function seeFindings(written: readonly Entity[]): void {
    for (const { partitionKey, rowKey, ...properties } of written) {
      if (!rowKey.startsWith('t~')) continue;
      const name = rowKey.slice(2, rowKey.lastIndexOf('~'));
      const stored = written.find((entity) => entity.rowKey === `f~${name}`);
      transitions.push({
        partition: partitionKey,
        transition: unpackJson('body', properties) as Transition,
        finding: unpackJson('body', stored ?? {}) as Finding,
        at: now(),
      });
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

  return {
    transitions,
    baselinedAt,
    finishedRuns,
    deeds,
    onDeed: (kind, by, about) => void deeds.push({ kind, by, about, at: now() }),
    onWrite(table, written) {
      if (table === 'findings') seeFindings(written);
      else if (table === 'runs') seeRuns(written);
    },
  };
}

export function opens({ transition: { before, after } }: Seen): boolean {
  return isFaulty(after.state) && (before === null || !isFaulty(before.state));
}
