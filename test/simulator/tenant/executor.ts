import type { PlanExecutor } from '../../../domain/audit/ports.ts';
import { CallPutOff, CallRefused } from '../../../domain/remediation/call-failure.ts';
import type { PlannedCall } from '../../../domain/remediation/plan.ts';
import type { Gate } from '../gate.ts';
import type { Slot } from '../instance.ts';
import type { Tenant } from './tenant.ts';
import { objectAt, principalWith, wireOf } from './wire-of.ts';

/** A write as it took effect. */
export interface TenantWrite {
  readonly call: PlannedCall;
  /** What a GET of the object showed right before. */
  readonly found: unknown;
  /** What its last look at the object showed whoever writes; undefined: it has not looked since it wrote before. */
  readonly looked: unknown;
}

/**
 * Carries out the calls of plans as Microsoft Graph does. What is read is read where it is written, without the lists'
 * delay. Harsher than Graph, which refuses a second grant for the same client: here it is made.
 * @param onWrite told before each write takes effect
 */
export function planExecutor(
  tenant: Tenant,
  slot: Slot,
  gate: Gate,
  onWrite: (write: TenantWrite) => void,
): PlanExecutor {
  const { live } = tenant;
  let looked: { readonly url: string; readonly found: unknown } | null = null;

  function read({ reads }: PlannedCall): unknown {
    const found = objectAt(live, reads.url);
    // A filter for a client that is gone finds nothing.
    if (found === null && reads.url.includes('?$filter=')) return { value: [] };
    if (found === null) throw new CallRefused(`GET ${reads.url} answered 404`, 404);
    return wireOf(live, found);
  }

  return {
    read: (call) =>
      gate(slot, {
        name: 'graph.read',
        weight: 'reads',
        failure: () => new CallPutOff('Microsoft Graph does not answer', null, false),
        effect: () => {
          looked = null;
          const found = structuredClone(read(call));
          looked = { url: call.reads.url, found };
          return found;
        },
      }),
    execute: (call) =>
      gate(slot, {
        name: `graph.${call.method.toLowerCase()}`,
        weight: 'acts',
        failure: () => new CallPutOff('Microsoft Graph does not answer', null, true),
        effect: () => {
          const write = writeOf(tenant, call);
          if (write === null) throw new CallRefused(`${call.method} ${call.url} answered 404`, 404);
          onWrite({ call, found: read(call), looked: looked?.url === call.reads.url ? looked.found : undefined });
          looked = null;
          return tenant.journaled('remediator', JSON.stringify([call.method, call.url, call.body]), write);
        },
      }),
  };
}

/** What the call does; null where what it is about is not there. */
function writeOf(tenant: Tenant, { method, url, body }: PlannedCall): (() => { readonly id: string } | null) | null {
  const { live } = tenant;
  if (method === 'POST') {
    const principal = principalWith(live, textIn(body, 'clientId'));
    if (principal === null) return null;
    return () => ({ id: tenant.grantConsent(principal.account, 'remediator', textIn(body, 'scope')) ?? '' });
  }
  const found = objectAt(live, url);
  if (found === null) return null;
  if (method !== 'PATCH') throw new CallRefused(`${method} ${url} is no call that is known here`, 405);
  return () => {
    switch (found.kind) {
      // Only read.
      case 'consents':
        break;
      case 'consent':
        tenant.setScope(found.account, found.consent.id, textIn(body, 'scope'), 'remediator');
        break;
      case 'principal':
        tenant.setAssignment(found.account, body['appRoleAssignmentRequired'] === true, 'remediator');
        break;
      case 'policy':
        tenant.setExcluded(excludedIn(body), 'remediator');
        break;
    }
    return null;
  };
}

function excludedIn(body: PlannedCall['body']): readonly string[] {
  const { conditions } = body as { conditions: { applications: { excludeApplications: readonly string[] } } };
  return conditions.applications.excludeApplications;
}

function textIn(body: PlannedCall['body'], name: string): string {
  const value = body[name];
  if (typeof value !== 'string') throw new CallRefused(`400: the body has no text ${name}`, 400);
  return value;
}
