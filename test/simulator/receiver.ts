import type { Call, Gate } from './gate.ts';
import type { Slot } from './instance.ts';

/** Who is told: takes whatever comes, and knows by its id what came before. */
export interface Receiver {
  /** Bodies by id, each as often as it came, with whether the delivery before it was disturbed. */
  readonly taken: ReadonlyMap<string, readonly Taken[]>;
  fetchFor(slot: Slot, gate: Gate): typeof fetch;
}

export interface Taken {
  readonly body: string;
  readonly at: number;
  readonly isDisturbed: () => boolean;
  /** When whoever gave it began to, and whether anything had been in the way by then. */
  readonly since: number;
  readonly wasDisturbed: boolean;
}

export function createReceiver(now: () => number): Receiver {
  const taken = new Map<string, Taken[]>();
  return {
    taken,
    fetchFor: (slot, gate) => (_url, init) => {
      const body = typeof init?.body === 'string' ? init.body : '';
      const call: Call<Response> = {
        name: 'webhook',
        weight: 'writes',
        part: 'receiver',
        failure: () => new TypeError('fetch failed'),
        effect: () => {
          const { id } = JSON.parse(body) as { readonly id: string };
          const disturbance = slot.disturbance();
          const { since, isDisturbed: wasDisturbed } = disturbance;
          const one = { body, at: now(), isDisturbed: () => disturbance.isDisturbed, since, wasDisturbed };
          taken.set(id, [...(taken.get(id) ?? []), one]);
          return new Response(null, { status: 202 });
        },
      };
      return gate(slot, call);
    },
  };
}
