import type { AccountNameCheck } from '../../../domain/audit/ports.ts';
import { noRequests } from '../../../domain/audit/run.ts';
import type { Gate } from '../gate.ts';
import type { Slot } from '../instance.ts';
import type { Random } from '../random.ts';
import type { Weather } from '../weather.ts';
import type { Tenant } from './tenant.ts';

/** Whether names are taken, told by ARM to anybody; sometimes there is no answer. */
export function accountNameCheck(
  tenant: Tenant,
  slot: Slot,
  { random, weather, gate }: { readonly random: Random; readonly weather: Weather; readonly gate: Gate },
): AccountNameCheck {
  return {
    check: (names) =>
      gate(slot, {
        name: 'arm.names',
        weight: 'reads',
        effect: () => {
          const taken = new Set(tenant.live.accounts.filter(({ exists }) => exists).map(({ name }) => name));
          const answered = names.filter(() => weather.calm || !random.chance(weather.gap));
          const answers = new Map(answered.map((name) => [name, taken.has(name) ? 'taken' : 'free'] as const));
          return { answers, requests: noRequests };
        },
      }),
  };
}
