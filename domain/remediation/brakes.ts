/** Who pulled the switch that stops every write, and why. Times are epoch milliseconds, UTC. */
export interface KillSwitch {
  readonly on: boolean;
  /** Object id. */
  readonly by: string;
  readonly at: number;
  readonly reason: string;
}

/** How an action has done of late. */
export interface ActionBrake {
  /** Jobs that failed one after the other, by job id and attempt; a job that is done empties it. */
  readonly failures: readonly string[];
  /** Set until a person releases the action. `jobIds`: whatever stopped it, and what met somebody since, oldest first. */
  readonly stopped: { readonly at: number; readonly reason: string; readonly jobIds: readonly string[] } | null;
  /**
   * Failures and collisions that were counted, newest last: what is told again after a crash, or by a message that comes
   * late, stops nothing a second time that a person has released since.
   */
  readonly counted: readonly string[];
}

/** What a person did to the brakes. */
export interface BrakeAct {
  readonly what: 'stop' | 'go' | 'release';
  /** null: of all actions. */
  readonly action: string | null;
  /** Object id. */
  readonly by: string;
  readonly at: number;
  /** null: none was asked for. */
  readonly reason: string | null;
}

/** One write that was carried out, or was about to be. */
export interface CountedWrite {
  readonly action: string;
  readonly at: number;
  /** Of the call, so that one that is tried again counts once. */
  readonly key: string;
}

/** All brakes in one: what is read before a write and written under its ETag cannot have changed between the two. */
export interface BrakeState {
  /** null: nobody has ever touched it. */
  readonly killSwitch: KillSwitch | null;
  readonly actions: Readonly<Record<string, ActionBrake>>;
  /** Of the last hour, oldest first. */
  readonly writes: readonly CountedWrite[];
  /** The last fifty, oldest first. */
  readonly acts: readonly BrakeAct[];
}

/** Table `approvals`, partition `brakes`: one row. */
export interface BrakeStore {
  /** `version` null: never written. @throws where it cannot be read as what it is: then it counts as on. */
  read(): Promise<{ readonly state: BrakeState; readonly version: string | null }>;
  /** @returns false when somebody else wrote first. */
  replace(state: BrakeState, version: string | null): Promise<boolean>;
}

/** A brake is there and cannot be told: nothing is written. */
export class BrakeUnreadable extends Error {
  override readonly name = 'BrakeUnreadable';
}

export const noBrakes: BrakeState = { killSwitch: null, actions: {}, writes: [], acts: [] };

const mostActs = 50;

/** The brakes with one more act of a person on record. */
export function withAct(state: BrakeState, act: BrakeAct): BrakeState {
  return { ...state, acts: [...state.acts, act].slice(-mostActs) };
}
