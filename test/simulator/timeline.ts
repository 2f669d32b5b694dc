/** Simulated time: what is to happen, in order of time, and of asking where times are equal. Epoch milliseconds. */
export interface Timeline {
  readonly now: () => number;
  readonly at: (time: number, what: () => void) => void;
  after(milliseconds: number, what: () => void): void;
  /** Lets everything happen that is due up to then; each with all that follows from it at once before the next. */
  runUntil(time: number): Promise<void>;
}

interface Due {
  readonly time: number;
  readonly turn: number;
  readonly what: () => void;
}

export function createTimeline(start: number): Timeline {
  const heap: Due[] = [];
  let now = start;
  let turns = 0;

  const timeline: Timeline = {
    now: () => now,
    at(time, what) {
      turns += 1;
      push(heap, { time: Math.max(time, now), turn: turns, what });
    },
    after(milliseconds, what) {
      timeline.at(now + milliseconds, what);
    },
    async runUntil(time) {
      const isDue = (): boolean => heap[0] !== undefined && heap[0].time <= time;
      while (isDue()) {
        await inTurns(() => {
          const first = isDue() ? pop(heap) : undefined;
          if (first === undefined) return;
          now = first.time;
          first.what();
        });
      }
      now = Math.max(now, time);
    },
  };
  return timeline;
}

/** Turns that are taken before the process looks what else there is for it, which takes longer than most turns. */
const turnsAtOnce = 64;

/** Calls it some times. No promise can go on by itself when a callback of `setImmediate` begins: it comes after all of them. */
function inTurns(turn: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const turns = Array.from({ length: turnsAtOnce }, () => setImmediate(take));
    setImmediate(resolve);

    function take(): void {
      try {
        turn();
      } catch (error) {
        for (const one of turns) clearImmediate(one);
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    }
  });
}

function isBefore(a: Due, b: Due): boolean {
  return a.time === b.time ? a.turn < b.turn : a.time < b.time;
}

function push(heap: Due[], due: Due): void {
  let index = heap.push(due) - 1;
  while (index > 0) {
    const above = (index - 1) >> 1;
    const parent = heap[above];
    if (parent === undefined || !isBefore(due, parent)) break;
    heap[index] = parent;
    index = above;
  }
  heap[index] = due;
}

function pop(heap: Due[]): Due | undefined {
  const [first] = heap;
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return first;
  let index = 0;
  for (;;) {
    let below = 2 * index + 1;
    const [left, right] = [heap[below], heap[below + 1]];
    if (left === undefined) break;
    const least = right !== undefined && isBefore(right, left) ? right : left;
    if (least === right) below += 1;
    if (!isBefore(least, last)) break;
    heap[index] = least;
    index = below;
  }
  heap[index] = last;
  return first;
}
