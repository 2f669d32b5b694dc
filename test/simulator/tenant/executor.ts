import type { PlanExecutor } from '../../../domain/audit/ports.ts';
import type { BrakeState } from '../../../domain/remediation/brakes.ts';
import { CallPutOff, CallRefused } from '../../../domain/remediation/call-failure.ts';
import type { PlannedCall } from '../../../domain/remediation/plan.ts';
import type { Gate } from '../gate.ts';
import type { Slot } from '../instance.ts';
import type { Random } from '../random.ts';
import type { Weather } from '../weather.ts';
import { storageAppOf } from '../../domain/estate.ts';
import type { LiveAccount, LiveTenant } from './live.ts';
import type { Tenant } from './tenant.ts';
import { objectAt, principalWith, wireOf } from './wire-of.ts';

/** A write as it took effect. */
export interface TenantWrite {
  readonly call: PlannedCall;
  /** What a GET of the object showed right before. */
  readonly found: unknown;
  /** What its last look at the object showed whoever writes; undefined: it has not looked since it wrote before. */
  readonly looked: unknown;
  /** The brakes as whoever writes asked for them last; null: it has not since it wrote before. */
  readonly brakes: BrakeState | null;
}

export interface ExecutorParts {
  readonly gate: Gate;
  readonly random: Random;
  readonly weather: Weather;
  /** Told before each write takes effect. */
  readonly onWrite: (write: TenantWrite) => void;
  readonly onWritten: () => void;
  /** What the brakes showed when they were last asked, once. */
  readonly takeBrakes: () => BrakeState | null;
}

/** Stands in `forbidden` while the remediator may not write. */
export const remediatorWrites = 'remediator-writes';

/**
 * Carries out the calls of plans as Microsoft Graph and ARM do. What is read of the directory is what has replicated.
 * Harsher than Graph, which refuses a second grant for the same client: here it is made.
 */
export function planExecutor(
  tenant: Tenant,
  slot: Slot,
  { gate, random, weather, onWrite, onWritten, takeBrakes }: ExecutorParts,
): PlanExecutor {
  const { live } = tenant;
  let looked: { readonly url: string; readonly found: unknown } | null = null;

  function read({ reads }: PlannedCall, from: LiveTenant): unknown {
    const found = objectAt(from, reads.url);
    // A filter for a client that is gone finds nothing.
    if (found === null && reads.url.includes('?$filter=')) return { value: [] };
    if (found === null) throw new CallRefused(`GET ${reads.url} answered 404`, 404);
    return wireOf(from, found);
  }

  return {
    read: (call) =>
      gate(slot, {
        name: 'graph.read',
        weight: 'reads',
        failure: () => new CallPutOff('Microsoft Graph does not answer', null, false),
        effect: () => {
          looked = null;
          const isInArm = call.reads.url.startsWith('/subscriptions/');
          const found = structuredClone(read(call, isInArm ? live : tenant.directory.objects()));
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
          if (tenant.forbidden.has(remediatorWrites)) throw new CallRefused(`${call.method} answered 403`, 403);
          if (!weather.calm && slot.mayFail() && random.chance(4 * weather.gap))
            throw new CallPutOff(`${call.method} answered 429`, random.between(10, 3000) * 1000, false);
          const write = writeOf(tenant, call);
          if (write === null) throw new CallRefused(`${call.method} ${call.url} answered 404`, 404);
          onWrite({
            call,
            found: read(call, live),
            looked: looked?.url === call.reads.url ? looked.found : undefined,
            brakes: takeBrakes(),
          });
          looked = null;
          const answer = tenant.journaled('remediator', JSON.stringify([call.method, call.url, call.body]), write);
          onWritten();
          return answer;
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
  if (method !== methods[found.kind] && !(method === 'DELETE' && found.kind === 'consent'))
    throw new CallRefused(`${method} ${url} is no call that is known here`, 405);
  return () => {
    switch (found.kind) {
      // Only read.
      case 'consents':
        break;
      case 'files':
        tenant.setFiles(found.account, body['properties'] as LiveAccount['files'], 'remediator');
        break;
      case 'application':
        if ('tags' in body) tenant.setTags(found.account, body['tags'] as readonly string[], 'remediator');
        else tenant.setNames(found.account, moreNamesIn(found.account, body), 'remediator');
        break;
      case 'consent':
        if (method === 'DELETE') tenant.revokeConsent(found.account, 'remediator', found.consent.id);
        else tenant.setScope(found.account, found.consent.id, textIn(body, 'scope'), 'remediator');
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

/** How each object is written. */
const methods = {
  consents: null,
  consent: 'PATCH',
  principal: 'PATCH',
  application: 'PATCH',
  policy: 'PATCH',
  files: 'PUT',
} as const;

/** A list without one of the names that the storage provider gave is none that any plan writes. */
function moreNamesIn({ name }: LiveAccount, body: PlannedCall['body']): readonly string[] {
  const names = body['identifierUris'] as readonly string[];
  const given = storageAppOf(name, 0).application.identifierUris;
  const lost = given.filter((one) => !names.includes(one));
  if (lost.length > 0) throw new Error(`A plan takes names off the application of ${name}: ${lost.join(', ')}`);
  return names.filter((one) => !given.includes(one));
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
