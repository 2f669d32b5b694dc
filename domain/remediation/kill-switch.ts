import { type BrakeState, type BrakeStore, withAct } from './brakes.ts';

export interface KillSwitchPorts {
  readonly brakes: BrakeStore;
  readonly now: () => number;
}

/** Others wrote the brakes each time; nothing was changed. */
export class BrakesBusy extends Error {
  override readonly name = 'BrakesBusy';
}

const triesAtMost = 10;

/** Stops every write, or lets them go on. @param change `by` is an object id @throws BrakesBusy, BrakeUnreadable */
export async function switchKill(
  change: { readonly on: boolean; readonly by: string; readonly reason: string },
  { brakes, now }: KillSwitchPorts,
): Promise<BrakeState> {
  for (let tries = 0; tries < triesAtMost; tries += 1) {
    const { state, version } = await brakes.read();
    const { on, by, reason } = change;
    const at = now();
    const switched = { ...state, killSwitch: { on, by, at, reason } };
    const next = withAct(switched, { what: on ? 'stop' : 'go', action: null, by, at, reason });
    if (await brakes.replace(next, version)) return next;
  }
  throw new BrakesBusy('Others changed the brakes at the same moment; nothing was changed, so send it again');
}
