import type { BrakeState, BrakeStore } from './brakes.ts';

/** Others wrote the brakes each time; nothing was changed. */
export class BrakesBusy extends Error {
  override readonly name = 'BrakesBusy';
}

const triesAtMost = 10;

/**
 * Changes the brakes as a person asks, under the ETag of what was read.
 * @param change null: nothing is to be changed. It is asked again where somebody else wrote first.
 * @returns the brakes as they were written; null where nothing was to be changed
 * @throws BrakesBusy, BrakeUnreadable
 */
export async function changeBrakes<Next extends BrakeState | null>(
  brakes: BrakeStore,
  change: (state: BrakeState) => Next | Promise<Next>,
): Promise<Next> {
  for (let tries = 0; tries < triesAtMost; tries += 1) {
    const { state, version } = await brakes.read();
    const next = await change(state);
    if (next === null || (await brakes.replace(next, version))) return next;
  }
  throw new BrakesBusy('Others changed the brakes at the same moment; nothing was changed, so send it again');
}
