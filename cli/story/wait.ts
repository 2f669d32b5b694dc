import { setTimeout as sleep } from 'node:timers/promises';

/** What the story waited for did not happen in time. */
export class StoryStalled extends Error {
  override readonly name = 'StoryStalled';
}

const pauseMs = 25;
const patienceMs = 60_000;

/**
 * Looks again and again until there is something.
 * @throws StoryStalled after a minute, AbortError when the signal says stop
 */
export async function until<T>(what: string, signal: AbortSignal, look: () => Promise<T | null>): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (performance.now() > deadline) throw new StoryStalled(`Waited a minute for ${what}, in vain`);
    await sleep(pauseMs, undefined, { signal });
  }
}
