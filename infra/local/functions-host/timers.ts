import type { Log } from './host-log.ts';
import type { Invoker } from './invoker.ts';
import { UnknownFunctionError } from './errors.ts';
import type { RegisteredFunction, TriggerOf } from './registered-function.ts';
import { parseTimerSchedule, type TimerSchedule } from './timer-schedule.ts';
import type { RpcTypedData } from './worker-protocol.ts';

export interface Timers {
  start(): void;
  /** No run begins after this; one that is under way goes on. */
  stop(): void;
  /**
   * Runs a timer now, after the run under way if there is one.
   * @throws UnknownFunctionError, FunctionFailedError
   */
  run(name: string, isPastDue: boolean): Promise<void>;
  has(name: string): boolean;
}

/** setTimeout turns anything longer into 1 ms. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;
/** What the platform reports as the last run of a timer that has not run yet. */
const NEVER = '0001-01-01T00:00:00';

interface TimerState {
  readonly target: RegisteredFunction<TriggerOf<'timer'>>;
  readonly schedule: TimerSchedule;
  last: Date | undefined;
  /** The run under way, or the last one; it never rejects. */
  tail: Promise<void>;
}

/** Drives timer triggers by their schedule, in UTC, never at start-up and never two runs of one timer at once. */
export function createTimers(
  functions: readonly RegisteredFunction<TriggerOf<'timer'>>[],
  invoker: Invoker,
  log: Log,
  clock: () => Date,
): Timers {
  const states = new Map<string, TimerState>(
    functions.map((target) => [
      target.name.toLowerCase(),
      {
        target,
        schedule: parseTimerSchedule(target.name, target.trigger.schedule),
        last: undefined,
        tail: Promise.resolve(),
      },
    ]),
  );
  const timeouts = new Map<TimerState, NodeJS.Timeout>();
  let running = false;

  function enqueue(state: TimerState, slot: Date | undefined, isPastDue: boolean): Promise<void> {
    const run = state.tail.then(async () => {
      const input = timerInput(state, slot ?? state.schedule.next(clock()), isPastDue);
      await invoker.invoke(state.target, input);
    });
    state.tail = run.catch(() => undefined);
    return run;
  }

  function arm(state: TimerState, slot: Date): void {
    const wait = Math.max(0, slot.getTime() - clock().getTime());
    timeouts.set(
      state,
      setTimeout(
        () => {
          if (wait > LONGEST_TIMEOUT_MS) arm(state, slot);
          else void fire(state, slot);
        },
        Math.min(wait, LONGEST_TIMEOUT_MS),
      ),
    );
  }

  async function fire(state: TimerState, slot: Date): Promise<void> {
    // The invoker has logged a failure already; the schedule goes on.
    await enqueue(state, slot, false).catch(() => undefined);
    state.last = slot;
    if (running) armNext(state, slot);
  }

  function armNext(state: TimerState, previous: Date): void {
    // A run that outlasted its next slot skips it, as the platform does.
    const now = clock();
    const next = state.schedule.next(now > previous ? now : previous);
    if (next !== undefined) arm(state, next);
    else
      log({
        level: 'warning',
        category: 'host',
        message: 'The schedule has no further run.',
        functionName: state.target.name,
      });
  }

  return {
    start() {
      running = true;
      for (const state of states.values()) armNext(state, clock());
    },
    stop() {
      running = false;
      for (const timeout of timeouts.values()) clearTimeout(timeout);
      timeouts.clear();
    },
    async run(name, isPastDue) {
      const state = states.get(name.toLowerCase());
      if (state === undefined)
        throw new UnknownFunctionError(
          name,
          'timer',
          functions.map((entry) => entry.name),
        );
      await enqueue(state, undefined, isPastDue);
    },
    has: (name) => states.has(name.toLowerCase()),
  };
}

function timerInput(state: TimerState, next: Date | undefined, isPastDue: boolean): RpcTypedData {
  const last = state.last?.toISOString() ?? NEVER;
  return {
    json: JSON.stringify({
      Schedule: { AdjustForDST: true },
      ScheduleStatus: { Last: last, Next: next?.toISOString() ?? NEVER, LastUpdated: last },
      IsPastDue: isPastDue,
    }),
  };
}
