import { setTimeout as sleep } from 'node:timers/promises';

import { connectStorage } from '../../infra/azure/tables/connection.ts';
import { tables } from '../../infra/names.ts';
import { atWork, putOff, type PutOff, type PuttingOff } from './queues.ts';
import type { World } from './world.ts';

/** The world did not come to rest: what it waits for is in the message. */
export class NoRest extends Error {
  override readonly name = 'NoRest';
}

const timerNames = ['directory-watch', 'nightly-audit', 'dispatch-outbox', 'sweep'];
const lookEveryMs = 50;
/** While nothing is at hand. */
const lookAgainMs = 500;
const patienceMs = 90_000;
const mostNights = 12;

/**
 * Lets everything run its course: timers fire, messages are worked on, until a night changes nothing any more.
 * @param puttingOff the queues of which also that is waited for which comes back at a set time; a job that died in the hands
 * of whoever had claimed it does after ten minutes
 * @throws NoRest
 */
export async function comeToRest(world: World, puttingOff: readonly PuttingOff[]): Promise<void> {
  for (let night = 1; night <= mostNights; night += 1) {
    await queuesEmpty(world, puttingOff);
    const before = await standing(world);
    const startedAt = Date.now();
    const errors = await Promise.all(timerNames.map((name) => world.fireTimer(name)));
    const failed = errors.filter((error) => error !== null);
    await queuesEmpty(world, puttingOff);
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
  // As the rows are, not as the outbox finds them: one that no marker tells of would never be sent.
  const rows = storage.table(tables.findings).rows({ from: 'o~', before: 'o~~' });
  return Array.fromAsync(rows, ({ partitionKey, rowKey }) => `${partitionKey}/${rowKey}`);
}

async function standing({ store, webhook }: World): Promise<string> {
  const found: unknown[] = [webhook.alerts.length];
  for await (const { id, state, transitions } of store.findings.list()) found.push([id, state, transitions]);
  for await (const { job, state } of store.jobs.list()) found.push([job.jobId, state]);
  return JSON.stringify(found);
}

async function queuesEmpty({ broker }: World, puttingOff: readonly PuttingOff[]): Promise<void> {
  let deadline = Date.now() + patienceMs;
  for (;;) {
    const working = atWork(broker);
    const later: PutOff[] = [];
    if (working.length === 0) for (const queue of puttingOff) later.push(...(await putOff(broker, queue)));
    if (working.length + later.length === 0) return;
    // What is put off is waited for, and then it has as long again.
    for (const { dueAt } of later) deadline = Math.max(deadline, dueAt + patienceMs);
    const waiting = [...working, ...later.map(({ words }) => words)];
    if (Date.now() > deadline) throw new NoRest(`Waited in vain, for ${waiting.join('; ')}`);
    await sleep(later.length > 0 ? lookAgainMs : lookEveryMs);
  }
}
