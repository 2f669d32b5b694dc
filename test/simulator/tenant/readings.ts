import type { FreshFacts } from '../../../domain/audit/ports.ts';
import {
  type Collection,
  type CollectionName,
  type Gap,
  type GapReason,
  unavailable,
} from '../../../domain/model/collection.ts';
import type { DirectoryFacts, SharedFacts } from '../../../domain/model/facts.ts';
import type { Gate } from '../gate.ts';
import type { Slot } from '../instance.ts';
import type { Random } from '../random.ts';
import type { Weather } from '../weather.ts';
import { fileServicesOf, resourceFactsOf, storageAccountOf } from './facts-of.ts';
import { accountKeyOf, type LiveAccount } from './live.ts';
import type { Tenant } from './tenant.ts';

export interface Readings {
  /** One account through ARM: 403 where its subscription may not be read, whether it exists or not. */
  account(accountId: string, slot: Slot): Awaited<ReturnType<FreshFacts['account']>>;
  /** The directory, each list as whole as it came. */
  directory(slot: Slot): DirectoryFacts;
}

export interface ReadingsParts {
  readonly tenant: Tenant;
  readonly random: Random;
  readonly weather: Weather;
}

/** Lists of the directory that come in pages. */
const paged = [
  ['applications', 'applications'],
  ['servicePrincipals', 'service-principals'],
  ['oauth2PermissionGrants', 'oauth2-permission-grants'],
  ['conditionalAccessPolicies', 'conditional-access-policies'],
] as const satisfies readonly (readonly [keyof DirectoryFacts, CollectionName])[];

/** What is throttled or cut off passes; a permission that was lost does not. */
export const passingReasons = ['throttled', 'unreachable', 'server-error'] as const satisfies readonly GapReason[];

export function createReadings({ tenant, random, weather }: ReadingsParts): Readings {
  const breaksOff = (slot: Slot): boolean => !weather.calm && slot.mayFail() && random.chance(weather.gap);

  function listOf<T>(name: CollectionName, whole: Collection<T>, slot: Slot): Collection<T> {
    const gap = (reason: GapReason): Gap => ({ collection: name, scope: 'tenant', reason, needs: null });
    if (tenant.forbidden.has(name)) return unavailable({ ...gap('forbidden'), needs: `${name}.Read.All` });
    if (whole.state !== 'known' || !breaksOff(slot)) return whole;
    slot.disturb();
    if (random.chance(0.5)) return unavailable(gap(random.pick(passingReasons)));
    // Some pages came before it broke off.
    const items = whole.items.slice(0, random.between(0, whole.items.length));
    return { state: 'partial', items, gaps: [gap(random.pick([...passingReasons, 'truncated']))] };
  }

  return {
    account(accountId, slot) {
      const key = accountId.toLowerCase();
      const unreadable = (reason: GapReason) =>
        ({
          state: 'unreadable',
          gap: { collection: 'storage-accounts', scope: key, reason, needs: 'Microsoft.Storage/storageAccounts/read' },
        }) as const;
      if (tenant.forbidden.has(key.split('/')[2] ?? '')) return unreadable('forbidden');
      if (breaksOff(slot)) {
        slot.disturb();
        return unreadable(random.pick(passingReasons));
      }
      const live = accountAt(tenant.live.accounts, key);
      if (live === null) return { state: 'absent' };
      return { state: 'found', account: storageAccountOf(live), fileServices: fileServicesOf(live) };
    },
    directory(slot) {
      const facts = tenant.directory.facts();
      const read = Object.fromEntries(
        paged.map(([member, name]) => [member, listOf<unknown>(name, facts[member], slot)]),
      ) as Pick<DirectoryFacts, (typeof paged)[number][0]>;
      return { ...facts, ...read };
    },
  };
}

export function accountAt(accounts: readonly LiveAccount[], key: string): LiveAccount | null {
  return accounts.find((live) => live.exists && accountKeyOf(live) === key) ?? null;
}

/** The directory as it was read, and the private endpoints that lead to accounts; no rule that is on here looks at more. */
export function sharedFactsOf(directory: DirectoryFacts, { live }: Tenant): SharedFacts {
  return { directory, resources: resourceFactsOf(live) };
}

/** What one invocation reads fresh. */
export function freshFacts(tenant: Tenant, readings: Readings, slot: Slot, gate: Gate): FreshFacts {
  return {
    account: (accountId) =>
      gate(slot, { name: 'arm.account', weight: 'reads', effect: () => readings.account(accountId, slot) }),
    shared: () =>
      gate(slot, {
        name: 'graph.lists',
        weight: 'reads',
        effect: () => sharedFactsOf(readings.directory(slot), tenant),
      }),
  };
}

/** Read whole by an identity whose permissions nobody takes away: that of the remediator. */
export function wholeFacts(tenant: Tenant, slot: Slot, gate: Gate): FreshFacts {
  return {
    account: (accountId) =>
      gate(slot, {
        name: 'arm.account',
        weight: 'reads',
        failure: () => new Error('ARM does not answer'),
        effect: () => {
          const live = accountAt(tenant.live.accounts, accountId.toLowerCase());
          return live === null
            ? { state: 'absent' }
            : { state: 'found', account: storageAccountOf(live), fileServices: fileServicesOf(live) };
        },
      }),
    shared: () =>
      gate(slot, {
        name: 'graph.lists',
        weight: 'reads',
        failure: () => new Error('Microsoft Graph does not answer'),
        effect: () => sharedFactsOf(tenant.directory.facts(), tenant),
      }),
  };
}
