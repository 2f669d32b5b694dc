import type { RunStore } from '../../../domain/audit/ports.ts';
import {
  emptyTally,
  noneVanished,
  noRequests,
  type Run,
  type ShardTally,
  type Tally,
} from '../../../domain/audit/run.ts';
import type { Shard } from '../../../domain/audit/work.ts';
import { sha256 } from '../../digest.ts';
import { coverageRows, keepCoverageRows } from './coverage-rows.ts';
import { packJson, unpackJson } from './json-properties.ts';
import { keyPart, newestFirstKey, padded } from './keys.ts';
import type { Action, Table } from './table.ts';

/** A run's id that was never planned. */
export class RunUnknown extends Error {
  override readonly name = 'RunUnknown';
}

const indexPartition = 'run';
const baselinePartition = 'baseline';
const transactionLimit = 100;

/**
 * Table `runs`. Partition = run id: `run`, `shard~<plan>~<number>`, `tally~<number>`, the coverage ledger (`coverageRows`); partition `run`: an index, newest
 * first; partition `baseline`: subscriptions, and `-` for the tenant, whose first audit is done.
 *
 * The run row is written last and decides: two planners of one run, or one that crashed and came back, may each leave
 * shards, but only those of the plan that the run row names are ever read.
 */
export function createRunStore(table: Table): RunStore {
  async function planned(runId: string): Promise<{ run: Run; plan: string; version: string } | null> {
    const row = await table.get(keyPart(runId), 'run');
    if (row === null) return null;
    const { properties, version } = row;
    return { run: runOf(properties), plan: String(properties['plan']), version };
  }

  async function tallyOf(runId: string, number: number): Promise<ShardTally | null> {
    const row = await table.get(keyPart(runId), `tally~${padded(number)}`);
    return row === null ? null : shardTallyOf(row.properties);
  }

  async function upsertAll(entities: readonly (Action & { kind: 'upsert' })[]): Promise<void> {
    for (let start = 0; start < entities.length; start += transactionLimit) {
      await table.transact(entities.slice(start, start + transactionLimit));
    }
  }

  return {
    async start(run, shards) {
      if ((await planned(run.id)) !== null) return;
      const partitionKey = keyPart(run.id);
      const plan = sha256(JSON.stringify([run, shards])).slice(0, 16);
      await upsertAll(
        shards.map((shard) => ({
          kind: 'upsert',
          entity: { partitionKey, rowKey: `shard~${plan}~${padded(shard.number)}`, ...packJson('body', shard) },
        })),
      );
      const indexKey = `${newestFirstKey(run.startedAt)}~${partitionKey}`;
      await table.upsert({ partitionKey: indexPartition, rowKey: indexKey, runId: run.id });
      await table.insert({ partitionKey, rowKey: 'run', plan, ...packJson('body', run) });
    },
    async find(runId) {
      return (await planned(runId))?.run ?? null;
    },
    async latest(count) {
      const runs: Run[] = [];
      if (count <= 0) return runs;
      for await (const { rowKey, properties } of table.rows({ partitionKey: indexPartition })) {
        const run = (await planned(String(properties['runId'])))?.run;
        // An index row may come from a planner that crashed or lost.
        if (run !== undefined && rowKey.startsWith(newestFirstKey(run.startedAt))) runs.push(run);
        if (runs.length === count) break;
      }
      return runs;
    },
    async shard(runId, number) {
      const plan = (await planned(runId))?.plan;
      if (plan === undefined) return null;
      const row = await table.get(runId, `shard~${plan}~${padded(number)}`);
      return row === null
        ? null
        : { shard: unpackJson('body', row.properties) as Shard, tally: await tallyOf(runId, number) };
    },
    async finishShard(runId, number, tally) {
      await table.insert({
        partitionKey: keyPart(runId),
        rowKey: `tally~${padded(number)}`,
        ...packJson('body', tally),
      });
    },
    async shards(runId) {
      const plan = (await planned(runId))?.plan;
      if (plan === undefined) return [];
      const tallies = new Map<string, ShardTally>();
      for await (const { rowKey, properties } of table.rows({
        partitionKey: runId,
        from: 'tally~',
        before: 'tally~~',
      })) {
        tallies.set(rowKey, shardTallyOf(properties));
      }
      const shards = [];
      const range = { partitionKey: runId, from: `shard~${plan}~`, before: `shard~${plan}~~` };
      for await (const { properties } of table.rows(range)) {
        const shard = unpackJson('body', properties) as Shard;
        shards.push({ shard, tally: tallies.get(`tally~${padded(shard.number)}`) ?? null });
      }
      return shards;
    },
    async finish(finished) {
      const stored = await planned(finished.id);
      if (stored === null) throw new RunUnknown(`Run ${finished.id} cannot be finished: it is not in table runs`);
      const { run, plan, version } = stored;
      if (run.finishedAt !== null) return false;
      const entity = { partitionKey: run.id, rowKey: 'run', plan, ...packJson('body', finished) };
      return (await table.replace(entity, version)) !== null;
    },
    async baselined() {
      const partitions = new Set<string>();
      for await (const { rowKey } of table.rows({ partitionKey: baselinePartition })) partitions.add(rowKey);
      return partitions;
    },
    async markBaselined(partitions) {
      await upsertAll(
        [...new Set(partitions)].map((partition) => ({
          kind: 'upsert',
          entity: { partitionKey: baselinePartition, rowKey: keyPart(partition) },
        })),
      );
    },
    keepCoverage: (runId, entries) => keepCoverageRows(table, runId, entries),
    coverage: (runId) => coverageRows(table, runId),
  };
}

type Properties = Readonly<Record<string, unknown>>;

/** What a row may lack. */
type Later = 'gaps' | 'requests' | 'tally';

/** A run of an older version has counted less; one that was in flight when this version came must end all the same. */
function runOf(properties: Properties): Run {
  const run = unpackJson('body', properties) as Omit<Run, Later> & Partial<Pick<Run, Later>>;
  const { gaps = [], requests, tally = null } = run;
  return { ...run, gaps, requests: { ...noRequests, ...requests }, tally: tally === null ? null : tallyWith(tally) };
}

function shardTallyOf(properties: Properties): ShardTally {
  const tally = unpackJson('body', properties) as Partial<ShardTally>;
  const { gaps = [], requests, reads } = tally;
  return { ...tallyWith(tally), gaps, requests: { ...noRequests, ...requests }, reads };
}

function tallyWith(tally: Partial<Tally>): Tally {
  const { verdicts, missedByEvents, vanished } = tally;
  return {
    ...emptyTally,
    ...tally,
    verdicts: { ...emptyTally.verdicts, ...verdicts },
    missedByEvents: { ...emptyTally.missedByEvents, ...missedByEvents },
    vanished: { ...noneVanished, ...vanished },
  };
}
