import type { Waiver } from '../../../domain/findings/waiver.ts';
import type { Wrong } from './wrong.ts';

/** Takes each waiver for one that ends so much later; before 0: earlier. */
function waiverOfAnotherLength(laterMs: number): Wrong {
  const told = (waiver: Waiver): Waiver => ({ ...waiver, until: waiver.until + laterMs });
  const kept = (waiver: Waiver): Waiver => ({ ...waiver, until: waiver.until - laterMs });
  return {
    parts: ({ waivers, ...parts }) => ({
      ...parts,
      waivers: {
        ...waivers,
        async all() {
          return (await waivers.all()).map((stored) => ({ ...stored, waiver: told(stored.waiver) }));
        },
        async find(id) {
          const stored = await waivers.find(id);
          return stored && { ...stored, waiver: told(stored.waiver) };
        },
        replace: (waiver, version) => waivers.replace(kept(waiver), version),
      },
    }),
  };
}

const hour = 3_600_000;

export function waiverOutlivesItsEnd(): Wrong {
  return waiverOfAnotherLength(24 * hour);
}

export function waiverEndsEarly(): Wrong {
  return waiverOfAnotherLength(-2 * hour);
}
