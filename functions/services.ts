import { compose } from '../infra/compose.ts';
import type { Services } from '../infra/services.ts';

let make = (): Promise<Services> => compose(process.env);
let composed: Promise<Services> | null = null;

/**
 * What handlers work with, made at the first invocation and kept for the process: a module that throws while it loads
 * would register no function at all, in silence. A failure is not kept, so mended settings need no restart.
 */
export function services(): Promise<Services> {
  composed ??= make().catch((error: unknown) => {
    composed = null;
    throw error;
  });
  return composed;
}

/** Has handlers that begin from now on work with what `other` makes, in place of what the environment names. */
export function provide(other: () => Promise<Services>): void {
  make = other;
  composed = null;
}

/** Lets go of what was opened, if anything was. */
export async function closeServices(): Promise<void> {
  const opened = await composed?.catch(() => null);
  composed = null;
  await opened?.close();
}
