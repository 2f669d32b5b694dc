import { setTimeout as sleep } from 'node:timers/promises';

import { queues } from '../../infra/names.ts';
import { createRandom } from '../simulator/random.ts';
import { changeTenant } from './change-tenant.ts';
import { type Kill, kill, type Victim } from './kills.ts';
import { createNames, type Names } from './names.ts';
import { comeToRest } from './rest.ts';
import type { Round } from './script.ts';
import { countWrites, type Writes } from './writes.ts';
import type { World } from './world.ts';

export interface PlayOptions {
  readonly script: readonly Round[];
  /** Who is killed in each round; a calm run has none. The first is that of the first audit, before any change. */
  readonly victims: readonly (readonly Victim[])[];
  readonly seed: number;
  readonly onKill: (kill: Kill) => void;
}

export interface Played {
  readonly names: Names;
  readonly writes: Writes;
  readonly kills: readonly Kill[];
}

/**
 * Plays a script on a world, with its kills; at the end of every round the world is at rest, and at the end of the script also
 * what waits for its time.
 */
export async function play(world: World, { script, victims, seed, onKill }: PlayOptions): Promise<Played> {
  const startedAt = Date.now();
  const random = createRandom(seed);
  const kills: Kill[] = [];
  const names = createNames();
  const writes = countWrites(world.azure);
  world.host.start();
  await world.host.up();
  names.learn(world.azure.tenant);
  // Notes where the directory stands: a first look later on would have every account audited.
  await world.fireTimer('directory-watch');

  const rounds: readonly Round[] = [{ changes: [], timers: [{ name: 'nightly-audit', afterMs: 0 }] }, ...script];
  for (const [number, { changes, timers }] of rounds.entries()) {
    for (const change of changes) await changeTenant(world, change);
    const fired = timers.map(async ({ name, afterMs }) => {
      await sleep(afterMs);
      await world.fireTimer(name);
    });
    // Where one fails, that is told when the others have ended.
    const all = Promise.allSettled(fired);
    for (const victim of victims[number] ?? []) {
      const at = Date.now() - startedAt;
      const during = await kill(world, victim, random);
      const done: Kill = { number: kills.length + 1, round: number, victim, at, during };
      kills.push(done);
      onKill(done);
    }
    await world.host.up();
    await all;
    await Promise.all(fired);
    await world.eventsDelivered();
    await comeToRest(world, [queues.auditWork]);
    names.learn(world.azure.tenant);
    writes.look();
  }
  await comeToRest(world, [queues.auditWork, queues.remediationJobs]);
  names.learn(world.azure.tenant);
  writes.look();
  return { names, writes, kills };
}
