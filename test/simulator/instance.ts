import type { InvocationContext } from '@azure/functions';

import type { Parts, Services } from '../../infra/services.ts';
import type { Counts } from './counts.ts';
import type { Random } from './random.ts';
import type { Timeline } from './timeline.ts';
import type { Trace } from './trace.ts';

export type Outcome =
  | { readonly kind: 'done' | 'crashed' }
  /** `disturbed`: something that it asked could not be reached. */
  | { readonly kind: 'failed'; readonly error: unknown; readonly disturbed: boolean };

/** What a process is asked to do. */
export interface Task {
  readonly what: string;
  /** Deliveries of its message that have failed before. */
  readonly failedBefore: number;
  /** Whether nothing may go wrong with it: the last delivery of a message, most of the time. */
  readonly isSpared?: boolean;
  /** `deliveryCount` and what else the trigger says. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly run: (slot: Slot, context: InvocationContext) => Promise<unknown>;
  readonly ended: (outcome: Outcome, slot: Slot) => void;
}

/** What one invocation works with; each has its own while it runs, so that a call tells whose it is. */
export interface Slot {
  readonly parts: Parts;
  readonly services: Services;
  name(): string;
  /** Tells of what it does now. */
  say(what: string): void;
  readonly slowness: number;
  /** How far its clock is ahead of the true time, in milliseconds. */
  readonly skew: number;
  isAlive(): boolean;
  mayCrash(): boolean;
  mayFail(): boolean;
  crash(): void;
  disturb(): void;
  /** Whether anything went wrong in what it does now, told now or later; and when it began with it. */
  disturbance(): { readonly isDisturbed: boolean; readonly since: number };
}

export interface Instance {
  readonly name: string;
  isUp(): boolean;
  start(task: Task): void;
  /** Everything that runs on it ends where it is; it is back after a while. */
  crash(): void;
  running(): number;
}

export interface InstanceParts {
  /** How much oftener than others its calls take a while. */
  readonly slowness: number;
  /** How far its clock is ahead of the true time, in milliseconds. */
  readonly skew: number;
  readonly timeline: Timeline;
  readonly random: Random;
  readonly trace: Trace;
  readonly counts: Counts;
  readonly compose: (slot: Slot) => { readonly parts: Parts; readonly services: Services };
}

export function createInstance(
  name: string,
  { slowness, skew, timeline, random, trace, counts, compose }: InstanceParts,
): Instance {
  let generation = 0;
  let isUp = true;
  let free: MutableSlot[] = [];
  let busy = new Set<MutableSlot>();

  interface MutableSlot extends Slot {
    task: Task | null;
    /** That more is said of its task than that it began. */
    told: () => void;
    current: { isDisturbed: boolean; readonly since: number };
  }

  function newSlot(): MutableSlot {
    const born = generation;
    const slot: Omit<MutableSlot, 'parts' | 'services'> = {
      task: null,
      current: { isDisturbed: false, since: timeline.now() },
      name: () => name,
      say: (what) => {
        slot.told();
        trace.say(name, what);
      },
      told: () => undefined,
      slowness,
      skew,
      isAlive: () => generation === born && slot.task !== null,
      mayCrash: () => [...busy].every(({ task }) => task?.isSpared !== true),
      mayFail: () => slot.task !== null && slot.task.isSpared !== true,
      crash: () => {
        instance.crash();
      },
      disturb: () => {
        slot.current.isDisturbed = true;
      },
      disturbance: () => slot.current,
    };
    // Nothing of what is composed is called before the slot is whole.
    return Object.assign(slot, compose(slot as MutableSlot));
  }

  function end(slot: MutableSlot, born: number, outcome: Outcome): void {
    // A process that ended says nothing more; what it was doing was told as crashed.
    if (generation !== born) return;
    const { task } = slot;
    busy.delete(slot);
    slot.task = null;
    free.push(slot);
    task?.ended(outcome, slot);
  }

  const instance: Instance = {
    name,
    isUp: () => isUp,
    running: () => busy.size,
    start(task) {
      const slot = free.pop() ?? newSlot();
      const born = generation;
      slot.task = task;
      slot.current = { isDisturbed: false, since: timeline.now() };
      busy.add(slot);
      slot.told = trace.isOn ? trace.begins(name, `begins ${task.what}`) : () => undefined;
      const context = contextOf(task, (said) => {
        if (trace.isOn && generation === born) slot.say(said);
      });
      task.run(slot, context).then(
        () => {
          end(slot, born, { kind: 'done' });
        },
        (error: unknown) => {
          if (trace.isOn && generation === born) slot.say(`${task.what} failed: ${textOf(error)}`);
          end(slot, born, { kind: 'failed', error, disturbed: slot.current.isDisturbed });
        },
      );
    },
    crash() {
      if (!isUp) return;
      counts.crashes += 1;
      generation += 1;
      const ended = [...busy];
      busy = new Set();
      free = [];
      isUp = false;
      timeline.after(random.between(1000, 60_000), () => {
        isUp = true;
        if (trace.isOn) trace.say(name, 'is up again');
      });
      for (const slot of ended) {
        slot.current.isDisturbed = true;
        slot.task?.ended({ kind: 'crashed' }, slot);
      }
    },
  };
  return instance;
}

function contextOf({ metadata }: Task, say: (said: string) => void): InvocationContext {
  const context: Partial<InvocationContext> = { log: say, warn: say, triggerMetadata: metadata ?? {} };
  return context as InvocationContext;
}

function textOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(textOf).join('; ');
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
