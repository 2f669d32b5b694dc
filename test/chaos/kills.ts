import { setTimeout as sleep } from 'node:timers/promises';

import type { Random } from '../simulator/random.ts';
import { inHand } from './queues.ts';
import type { World } from './world.ts';

export type Victim = 'host' | 'store' | 'broker';

/** What was killed when, and what it was doing. */
export interface Kill {
  readonly number: number;
  /** 0 is the first audit. */
  readonly round: number;
  readonly victim: Victim;
  /** Milliseconds since the play began. */
  readonly at: number;
  readonly during: string;
}

/** How long after its start a process is killed at most that is not left to get up, milliseconds. */
const startMs = 900;
/** How long after it is up, milliseconds. */
const workMs = 1500;
/** How long a store or a broker stays away, milliseconds. */
const shortestAwayMs = 100;
const longestAwayMs = 1500;

/** Which victims `count` kills have: most the host, then the store and the broker, which are killed while the host runs. */
export function victimsOf(count: number): readonly Victim[] {
  const others = Math.floor(count / 5);
  return Array.from({ length: count }, (_, index) =>
    index < count - 2 * others ? 'host' : index < count - others ? 'store' : 'broker',
  );
}

/**
 * Kills, at a moment that the seed decides, and starts what was killed again.
 * @returns what the victim was doing
 */
export async function kill(world: World, victim: Victim, random: Random): Promise<string> {
  // Now and then a process is not left the time to get up.
  if (random.chance(1 / 6)) await sleep(random.between(0, startMs));
  else {
    await world.host.up();
    await sleep(random.between(0, workMs));
  }
  const during = whatItDoes(world);
  switch (victim) {
    case 'host':
      await world.host.kill();
      world.host.start();
      return during;
    case 'store':
      await world.storage.kill();
      await sleep(random.between(shortestAwayMs, longestAwayMs));
      await world.storage.start();
      return during;
    case 'broker':
      await world.broker.stop();
      await sleep(random.between(shortestAwayMs, longestAwayMs));
      await world.broker.start();
      return during;
  }
}

function whatItDoes({ host, broker }: World): string {
  const words = [...host.timers.map((name) => `timer ${name}`), ...inHand(broker)];
  if (!host.isUp) words.unshift('starting');
  return words.length === 0 ? 'nothing in hand' : words.join(', ');
}
