import type { Counts } from './counts.ts';
import type { Slot } from './instance.ts';
import type { Random } from './random.ts';
import type { Timeline } from './timeline.ts';
import type { Trace } from './trace.ts';
import { type Part, type Weather, type Weight, weightOf } from './weather.ts';

/** One call through a port. */
export interface Call<T> {
  /** The port and its member, for the trace. */
  readonly name: string;
  readonly weight: Weight;
  readonly effect: () => T;
  /** What the caller is told when it cannot be reached; absent: it always can. */
  readonly failure?: () => Error;
  /** What it is a part of, and cannot be reached with it. */
  readonly part?: Part;
}

export type Gate = <T>(slot: Slot, call: Call<T>) => Promise<T>;

export interface GateParts {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly weather: Weather;
  readonly trace: Trace;
  readonly counts: Counts;
}

/** What never comes: whoever waited for it has ended. */
function never<T>(): Promise<T> {
  return new Promise(() => undefined);
}

/**
 * Where the scheduler decides, at each call through a port: it goes on, it takes a while (and others run meanwhile), the
 * process ends before it or when it has taken effect, or it is told that nothing answers, whether it took effect or not.
 */
export function createGate({ timeline, random, weather, trace, counts }: GateParts): Gate {
  return <T>(slot: Slot, { name, weight, effect, failure, part }: Call<T>): Promise<T> => {
    if (!slot.isAlive()) return never<T>();
    counts.calls += 1;
    if (weather.calm) return answer(effect);
    if (part !== undefined && failure !== undefined && timeline.now() < weather.down[part] && slot.mayFail()) {
      const isMute = weather.mute.has(part);
      tell(slot, `${name}: cannot be reached${isMute ? ', and takes effect' : ''}`);
      slot.disturb();
      if (isMute) attempt(effect);
      return Promise.reject(failure());
    }
    let roll = random.next() / weightOf[weight];
    const strikes = (probability: number): boolean => {
      roll -= probability;
      return roll < 0;
    };
    if (strikes(weather.crashBefore) && slot.mayCrash()) {
      tell(slot, `${name}: the process ends before it`);
      slot.crash();
      return never();
    }
    if (roll >= 0 && strikes(weather.crashAfter) && slot.mayCrash()) {
      tell(slot, `${name}: took effect, and the process ends before the answer`);
      attempt(effect);
      slot.crash();
      return never();
    }
    if (failure !== undefined) {
      if (roll >= 0 && strikes(weather.failBefore) && slot.mayFail()) {
        tell(slot, `${name}: no answer`);
        slot.disturb();
        return Promise.reject(failure());
      }
      if (roll >= 0 && strikes(weather.failAfter) && slot.mayFail()) {
        tell(slot, `${name}: took effect, and the answer was lost`);
        slot.disturb();
        attempt(effect);
        return Promise.reject(failure());
      }
    }
    return random.chance(weather.late * slot.slowness) ? later(slot, name, effect) : answer(effect);
  };

  /** The request is under way for a while, then its answer; who asked may have ended meanwhile. */
  function later<T>(slot: Slot, name: string, effect: () => T): Promise<T> {
    const [there, back] = [delay(), delay()];
    tell(slot, `${name}: takes ${String(there + back)} ms`);
    const arrives = random.chance(0.5);
    return new Promise((resolve, reject) => {
      timeline.after(there, () => {
        // A request of a process that ended may have left it before or not.
        if (!slot.isAlive() && !arrives) return;
        const answered = answer(effect);
        answered.catch(() => undefined);
        timeline.after(back, () => {
          if (slot.isAlive()) answered.then(resolve, reject);
        });
      });
    });
  }

  function delay(): number {
    return random.chance(0.2) ? random.between(1000, 40_000) : random.between(1, 3000);
  }

  function tell(slot: Slot, what: string): void {
    if (trace.isOn) slot.say(what);
  }
}

function answer<T>(effect: () => T): Promise<T> {
  try {
    return Promise.resolve(effect());
  } catch (error) {
    return Promise.reject(error instanceof Error ? error : new Error(String(error)));
  }
}

function attempt(effect: () => unknown): void {
  answer(effect).catch(() => undefined);
}
