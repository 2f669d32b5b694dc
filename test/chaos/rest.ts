import { setTimeout as sleep } from 'node:timers/promises';

import { createOutbox } from '../../infra/azure/tables/outbox.ts';
import { connectStorage } from '../../infra/azure/tables/connection.ts';
import { tables } from '../../infra/names.ts';
import { atWork, putOff } from './queues.ts';
import type { World } from './world.ts';

/** The world did not come to rest: what it waits for is in the message. */
export class NoRest extends Error {
  override readonly name = 'NoRest';
}

const timerNames = ['directory-watch', 'nightly-audit', 'dispatch-outbox', 'sweep'];
const lookEveryMs = 50;
const patienceMs = 90_000;
const mostNights = 12;

/**
 * Lets everything run its course: timers fire, messages are worked on, until a night changes nothing any more.
 * @throws NoRest
 */
export async function comeToRest(world: World): Promise<void> {
  for (let night = 1; night <= mostNights; night += 1) {
    await queuesEmpty(world);
    const before = await standing(world);
    const startedAt = Date.now();
    const errors = await Promise.all(timerNames.map((name) => world.fireTimer(name)));
    const failed = errors.filter((error) => error !== null);
    await queuesEmpty(world);
    const [run] = await world.store.runs.latest(1);
    const whole = run !== undefined && run.startedAt >= startedAt && run.finishedAt !== null;
    if (failed.length === 0 && whole && (await standing(world)) === before && (await inOutbox(world)).length === 0)
      return;
  }
  throw new NoRest(`After ${String(mostNights)} nights something still changes: ${(await inOutbox(world)).join(', ')}`);
}

/** Keys of what is stored and was not sent. */
export async function inOutbox(world: World): Promise<readonly string[]> {
  const storage = connectStorage(world.environment, {
    credential: () => {
      throw new Error('A connection string needs no credential');
    },
  });
  const outbox = createOutbox(storage.table(tables.findings));
  const found: string[] = [];
  for (const { partition } of await outbox.partitions())
    for await (const { key } of outbox.entries(partition)) found.push(`${partition}/${key}`);
  return found;
}

async function standing({ store, webhook }: World): Promise<string> {
  const found: unknown[] = [webhook.alerts.length];
  for await (const { id, state, transitions } of store.findings.list()) found.push([id, state, transitions]);
  for await (const { job, state } of store.jobs.list()) found.push([job.jobId, state]);
  return JSON.stringify(found);
}

async function queuesEmpty({ broker }: World): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const working = atWork(broker);
    const waiting = working.length > 0 ? working : await putOff(broker);
    if (waiting.length === 0) return;
    if (Date.now() > deadline) throw new NoRest(`Waited in vain, for ${waiting.join('; ')}`);
    await sleep(lookEveryMs);
  }
}
