import { expect, it } from 'vitest';
import type { AlertTimes } from '../../../../domain/audit/latency.ts';
import { createLatencies } from '../../../../infra/azure/tables/latencies.ts';
import { noon } from '../samples.ts';
import { useStorage } from './stored.ts';

const { freshTable } = useStorage();

function times(alertId: string, handedOverAt: number, channel = 'webhook'): AlertTimes {
  const known = { plane: 'directory', changedAtIs: 'not-before' } as const;
  return { alertId, channel, ...known, changedAt: noon, receivedAt: noon, dueAt: noon, storedAt: noon, handedOverAt };
}

it('keeps how long alerts took, newest first, once for each alert and channel', async () => {
  const latencies = createLatencies(freshTable());
  await latencies.record(times('a#1', noon + 1));
  await latencies.record(times('a#1', noon + 1, 'teams'));
  await latencies.record(times('b/c#2', noon + 3));
  await latencies.record(times('b/c#2', noon + 3));

  expect(await latencies.latest(1)).toEqual([times('b/c#2', noon + 3)]);
  expect((await latencies.latest(10)).map(({ alertId, channel }) => `${alertId} ${channel}`).sort()).toEqual([
    'a#1 teams',
    'a#1 webhook',
    'b/c#2 webhook',
  ]);
  expect(await latencies.latest(0)).toEqual([]);
});

it('takes what an older version kept for known times of storage', async () => {
  const table = freshTable();
  const { plane: _, changedAtIs: __, ...older } = times('a#1', noon + 1);
  await createLatencies(table).record(older as AlertTimes);

  expect(await createLatencies(table).latest(1)).toEqual([{ ...older, plane: 'storage', changedAtIs: 'known' }]);
});
