import { type BrakeState, type BrakeStore, withAct } from './brakes.ts';
import { changeBrakes } from './change-brakes.ts';

export interface KillSwitchPorts {
  readonly brakes: BrakeStore;
  readonly now: () => number;
}

/** Stops every write, or lets them go on. @param change `by` is an object id @throws BrakesBusy, BrakeUnreadable */
export async function switchKill(
  { on, by, reason }: { readonly on: boolean; readonly by: string; readonly reason: string },
  { brakes, now }: KillSwitchPorts,
): Promise<BrakeState> {
  return changeBrakes(brakes, (state) => {
    const at = now();
    const switched = { ...state, killSwitch: { on, by, at, reason } };
    return withAct(switched, { what: on ? 'stop' : 'go', action: null, by, at, reason });
  });
}
