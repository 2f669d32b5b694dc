import type { PlanExecutor } from '../../../domain/audit/ports.ts';
import type { Gate } from '../gate.ts';
import type { Slot } from '../instance.ts';
import { appObjectsOf } from './facts-of.ts';
import type { LiveAccount } from './live.ts';
import type { Tenant } from './tenant.ts';

/**
 * Carries out the one write there is, a consent. Its precondition is read where it is written, without the lists' delay.
 * Harsher than Microsoft Graph, which refuses a second grant for the same client: here it is made.
 */
export function planExecutor(tenant: Tenant, slot: Slot, gate: Gate): PlanExecutor {
  const failure = (): Error => new Error('Microsoft Graph does not answer');

  function clientOf(body: Readonly<Record<string, unknown>>): LiveAccount | null {
    const clientId = body['clientId'];
    return (
      tenant.live.accounts.find(({ name, app }) => app !== null && appObjectsOf(name, app).principal.id === clientId) ??
      null
    );
  }

  return {
    check: ({ body }) =>
      gate(slot, {
        name: 'graph.check',
        weight: 'reads',
        failure,
        effect: () => {
          const consents = clientOf(body)?.app?.consents ?? [];
          return { holds: consents.length === 0, found: { value: consents } };
        },
      }),
    execute: ({ body }) =>
      gate(slot, {
        name: 'graph.grant',
        weight: 'acts',
        failure,
        effect: () => {
          const account = clientOf(body);
          if (account === null) {
            slot.disturb();
            throw new Error('404: no such service principal');
          }
          tenant.grantConsent(account, 'remediator');
          return { id: 'made' };
        },
      }),
  };
}
