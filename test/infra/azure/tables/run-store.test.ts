import { describe, expect, it } from 'vitest';
import { emptyTally, noRequests, type Run, type ShardTally } from '../../../../domain/audit/run.ts';
import type { Shard } from '../../../../domain/audit/work.ts';
import { createRunStore, RunUnknown } from '../../../../infra/azure/tables/run-store.ts';
import { noon, subscriptionId, tenantId } from '../samples.ts';
import { useStorage } from './stored.ts';

const { freshTable } = useStorage();

function run(id: string, changes: Partial<Run> = {}): Run {
  return {
    id,
    tenantId,
    startedAt: noon,
    finishedAt: null,
    shards: 2,
    gaps: [],
    requests: { resourceGraph: 1, graph: 2, arm: 3, throttled: 0 },
    accounts: { seen: 9, inScope: 3 },
    tally: null,
    ...changes,
  };
}

function finished(id: string, at: number): Run {
  return run(id, { finishedAt: at, tally: emptyTally });
}

function shardTally(over: Partial<ShardTally>): ShardTally {
  return { ...emptyTally, gaps: [], requests: noRequests, ...over };
}

function shards(runId: string, count: number): Shard[] {
  return Array.from({ length: count }, (_, number) => ({
    runId,
    number,
    subscriptionId,
    baseline: true,
    accounts: 500,
    factsReadAt: noon,
  }));
}

describe('the run store', () => {
  it('gives back a run and its shards, many or few', async () => {
    const runs = createRunStore(freshTable());

    await runs.start(run('r1', { shards: 120 }), shards('r1', 120));

    expect(await runs.find('r1')).toEqual(run('r1', { shards: 120 }));
    expect((await runs.shards('r1')).map(({ shard }) => shard)).toEqual(shards('r1', 120));
    expect(await runs.shard('r1', 7)).toEqual({ shard: shards('r1', 8)[7], tally: null });
  });

  it('knows nothing of runs and shards that were never planned', async () => {
    const runs = createRunStore(freshTable());
    await runs.start(run('r1'), shards('r1', 2));

    expect(await runs.find('r2')).toBeNull();
    expect(await runs.shards('r2')).toEqual([]);
    expect(await runs.shard('r2', 0)).toBeNull();
    expect(await runs.shard('r1', 2)).toBeNull();
    await expect(runs.finish(finished('r2', noon))).rejects.toThrow(RunUnknown);
  });

  it('leaves a run as it is when it is planned again', async () => {
    const runs = createRunStore(freshTable());
    await runs.start(run('r1'), shards('r1', 2));

    await runs.start(run('r1', { startedAt: noon + 1, shards: 3 }), shards('r1', 3));

    expect(await runs.find('r1')).toEqual(run('r1'));
    expect(await runs.shards('r1')).toHaveLength(2);
    expect(await runs.latest(10)).toEqual([run('r1')]);
  });

  it('shows one plan, whole, when two planners start a run at once', async () => {
    const runs = createRunStore(freshTable());

    await Promise.all([
      runs.start(run('r1', { shards: 2 }), shards('r1', 2)),
      runs.start(run('r1', { shards: 5, startedAt: noon + 1 }), shards('r1', 5)),
    ]);

    const winner = await runs.find('r1');
    expect(await runs.shards('r1')).toHaveLength(winner?.shards ?? 0);
    expect(await runs.latest(10)).toEqual([winner]);
  });

  it('counts a shard once, as first reported', async () => {
    const runs = createRunStore(freshTable());
    await runs.start(run('r1'), shards('r1', 2));

    await runs.finishShard('r1', 1, shardTally({ opened: 4 }));
    await runs.finishShard('r1', 1, shardTally({ opened: 99 }));

    expect((await runs.shards('r1')).map(({ tally }) => tally?.opened ?? null)).toEqual([null, 4]);
    expect((await runs.shard('r1', 1))?.tally?.opened).toBe(4);
  });

  it('is finished by the first who does it', async () => {
    const runs = createRunStore(freshTable());
    await runs.start(run('r1'), shards('r1', 2));

    const outcomes = await Promise.all([runs.finish(finished('r1', noon + 1)), runs.finish(finished('r1', noon + 2))]);

    expect(outcomes.toSorted()).toEqual([false, true]);
    expect(await runs.finish(finished('r1', noon + 3))).toBe(false);
    expect((await runs.find('r1'))?.finishedAt).toBe(noon + 1 + outcomes.indexOf(true));
    // A finished run keeps its shards.
    expect(await runs.shards('r1')).toHaveLength(2);
  });

  it('reads what an older version counted, which was less', async () => {
    const table = freshTable();
    const runs = createRunStore(table);
    const { missedByEvents: _, vanished: __, ...older } = shardTally({ opened: 4 });
    await runs.start(run('r1'), shards('r1', 1));
    await runs.finishShard('r1', 0, older as ShardTally);
    await runs.finish({ ...finished('r1', noon), tally: older as ShardTally });

    expect((await runs.find('r1'))?.tally).toMatchObject({ ...emptyTally, opened: 4 });
    expect((await runs.shards('r1'))[0]?.tally).toMatchObject({ ...emptyTally, opened: 4 });
    expect((await runs.shard('r1', 0))?.tally).toMatchObject({ ...emptyTally, opened: 4 });
  });

  it.each(['missedByEvents', 'vanished', 'gaps', 'requests', 'reads', 'verdicts', 'worst'])(
    'adds up a shard that an older version finished without %s',
    async (lacking) => {
      const runs = createRunStore(freshTable());
      const whole: Record<string, unknown> = { ...shardTally({ opened: 4 }), reads: [] };
      const older = Object.fromEntries(Object.entries(whole).filter(([name]) => name !== lacking));
      await runs.start(run('r1'), shards('r1', 1));
      await runs.finishShard('r1', 0, older as unknown as ShardTally);

      const [tally] = (await runs.shards('r1')).flatMap((shard) => (shard.tally === null ? [] : [shard.tally]));
      expect(tally).toMatchObject(shardTally({ opened: 4 }));
    },
  );

  it.each([
    ['vanished', 'outOfScope'],
    ['vanished', 'waiting'],
    ['missedByEvents', 'atMostMs'],
    ['requests', 'throttled'],
    ['verdicts', 'not-applicable'],
  ])('fills in what an older version did not count in %s: %s', async (member, lacking) => {
    const runs = createRunStore(freshTable());
    const whole = shardTally({ opened: 4 }) as unknown as Record<string, Record<string, unknown>>;
    const part = Object.fromEntries(Object.entries(whole[member] ?? {}).filter(([name]) => name !== lacking));
    await runs.start(run('r1'), shards('r1', 1));
    await runs.finishShard('r1', 0, { ...whole, [member]: part } as unknown as ShardTally);

    expect((await runs.shard('r1', 0))?.tally).toMatchObject(shardTally({ opened: 4 }));
  });

  it('reads a run that an older version began without gaps or requests', async () => {
    const runs = createRunStore(freshTable());
    const { gaps: _, requests: __, ...older } = run('r1');
    await runs.start(older as Run, []);

    expect(await runs.find('r1')).toEqual(run('r1', { requests: noRequests }));
  });

  it('lists the latest runs, newest first', async () => {
    const runs = createRunStore(freshTable());
    for (const [index, id] of ['r1', 'r2', 'r3'].entries()) await runs.start(run(id, { startedAt: noon + index }), []);

    expect((await runs.latest(2)).map(({ id }) => id)).toEqual(['r3', 'r2']);
  });

  it('remembers which subscriptions had their first audit', async () => {
    const runs = createRunStore(freshTable());

    await runs.markBaselined(['s1', 's2', 's1']);
    await runs.markBaselined(['s2', 's3']);

    expect(await runs.baselined()).toEqual(new Set(['s1', 's2', 's3']));
  });
});
