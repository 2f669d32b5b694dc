import type { DeltaReading, DirectoryDeltas, WatchedPolicy } from '../../../domain/audit/watch-ports.ts';
import type { CollectionName, Gap, GapReason } from '../../../domain/model/collection.ts';
import { itemsOf } from '../../../domain/model/collection.ts';
import { sha256 } from '../../../infra/digest.ts';
import { tenantId } from '../../domain/build.ts';
import type { Gate } from '../gate.ts';
import type { Slot } from '../instance.ts';
import type { Random } from '../random.ts';
import type { Weather } from '../weather.ts';
import type { ConditionalAccessPolicy } from '../../../domain/model/conditional-access-policy.ts';
import { passingReasons } from './readings.ts';
import type { Tenant } from './tenant.ts';

export interface DeltasParts {
  readonly tenant: Tenant;
  readonly random: Random;
  readonly weather: Weather;
  readonly gate: Gate;
}

/** Microsoft Graph's deltas as one invocation asks for them. A position is how many changes were seen. */
export function directoryDeltas(slot: Slot, { tenant, random, weather, gate }: DeltasParts): DirectoryDeltas {
  const unreadable = (collection: CollectionName): { state: 'unreadable'; gap: Gap } | null => {
    const gap = (reason: GapReason): Gap => ({ collection, scope: 'tenant', reason, needs: null });
    if (tenant.forbidden.has(collection)) return { state: 'unreadable', gap: gap('forbidden') };
    if (weather.calm || !slot.mayFail() || !random.chance(weather.gap)) return null;
    slot.disturb();
    return { state: 'unreadable', gap: gap(random.pick(passingReasons)) };
  };

  return {
    tenantId,
    changes: (list, position) =>
      gate(slot, {
        name: `graph.delta ${list}`,
        weight: 'reads',
        effect: (): DeltaReading => {
          const lost = unreadable(list);
          if (lost !== null) return lost;
          const expired = position !== null && !weather.calm && random.chance(weather.gap / 10);
          const whole = position === null || expired;
          const next = String(tenant.directory.position(list));
          // Read from the start, a list shows what there is, and none of what was.
          const changes = whole ? [] : tenant.directory.changesSince(list, Number(position));
          return { state: 'read', changes, position: next, whole };
        },
      }),
    policies: () =>
      gate(slot, {
        name: 'graph.policies',
        weight: 'reads',
        effect: () =>
          unreadable('conditional-access-policies') ?? {
            state: 'read',
            policies: itemsOf(tenant.directory.facts().conditionalAccessPolicies).map(watched),
          },
      }),
  };
}

const hashes = new WeakMap<ConditionalAccessPolicy, WatchedPolicy>();

/** Kept beside the policy: it is looked at every few minutes and changes seldom. */
function watched(policy: ConditionalAccessPolicy): WatchedPolicy {
  const known = hashes.get(policy);
  if (known !== undefined) return known;
  const made = {
    id: policy.id ?? '',
    hash: sha256(JSON.stringify(policy)),
    policy,
    content: { policy },
    // Of what never says when it was modified the look before is the bound.
    modifiedAt: null,
  };
  hashes.set(policy, made);
  return made;
}

/** A stored policy, read again. Here its content is what was parsed, for nothing of this is about parsing it. */
export function watchedAgain(content: Readonly<Record<string, unknown>>): WatchedPolicy {
  return watched(content['policy'] as ConditionalAccessPolicy);
}
