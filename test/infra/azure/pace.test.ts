import { expect, it } from 'vitest';
import { createPace } from '../../../infra/azure/pace.ts';
import { remembered } from '../../../infra/azure/remembered.ts';

it('lets no more through within a time than it may, however many come at once', async () => {
  let clock = 0;
  const sleep = (milliseconds: number): Promise<void> => Promise.resolve(void (clock += milliseconds));
  const pace = createPace({ most: 5, withinMs: 10_000, sleep, now: () => clock });
  const passed: number[] = [];
  await Promise.all(
    Array.from({ length: 12 }, async () => {
      await pace();
      passed.push(clock);
    }),
  );

  expect(passed).toHaveLength(12);
  for (const [index, at] of passed.entries())
    expect(at - (passed[index - 5] ?? -10_000)).toBeGreaterThanOrEqual(10_000);
  expect(passed.at(-1)).toBe(20_000);
});

it('holds up nobody where nothing was asked for a while', async () => {
  let clock = 0;
  const slept: number[] = [];
  const pace = createPace({
    most: 1,
    withinMs: 1000,
    sleep: (wait) => Promise.resolve(void slept.push(wait)),
    now: () => clock,
  });
  await pace();
  clock = 1000;
  await pace();

  expect(slept).toEqual([]);
});

it('remembers an answer for its time, and no failure', async () => {
  let clock = 0;
  let asked = 0;
  const answer = remembered(
    60_000,
    () => clock,
    (key: string) => {
      asked += 1;
      return key === 'bad' ? Promise.reject(new Error('down')) : Promise.resolve(asked);
    },
  );

  expect([await answer('a'), await answer('a')]).toEqual([1, 1]);
  clock = 60_000;
  expect(await answer('a')).toBe(2);
  await expect(answer('bad')).rejects.toThrow('down');
  await expect(answer('bad')).rejects.toThrow('down');
  expect(asked).toBe(4);
});
