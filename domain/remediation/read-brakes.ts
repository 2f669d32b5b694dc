import { type BrakeState, type BrakeStore, BrakeUnreadable } from './brakes.ts';
import type { Hindrance } from './remediate-ports.ts';

/** The brakes as they are, or the hindrance that it is not to know them. @throws what trying again may mend */
export async function readBrakes(
  store: Pick<BrakeStore, 'read'>,
): Promise<{ readonly state: BrakeState; readonly version: string | null } | { readonly hindrance: Hindrance }> {
  try {
    return await store.read();
  } catch (error) {
    if (error instanceof BrakeUnreadable) return { hindrance: { kind: 'refused', why: error.message } };
    throw error;
  }
}
