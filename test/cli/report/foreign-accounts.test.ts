import { describe, expect, it } from 'vitest';
import { foreignAccounts } from '../../../cli/report/foreign-accounts.ts';
import type { CollectionName, Gap, GapReason } from '../../../domain/model/collection.ts';

function gap(collection: CollectionName, scope: string, reason: GapReason = 'not-visible'): Gap {
  return { collection, scope, reason, needs: null };
}

const account = (name: string) =>
  `/subscriptions/s1/resourcegroups/rg/providers/microsoft.storage/storageaccounts/${name}`;

describe('foreignAccounts', () => {
  const two = [
    gap('service-principals', account('a')),
    gap('conditional-access-policies', account('a')),
    gap('service-principals', account('b')),
  ];

  it('counts each account once, and says what to do live', () => {
    expect(foreignAccounts(two, 'live')).toEqual([
      '2 accounts belong to another tenant, whose directory was not read, so rules about apps and policies stay unknown for them. Audit that tenant: set KERBWATCH_TENANT_ID to its id.',
    ]);
  });

  it('says what to do with a snapshot', () => {
    expect(foreignAccounts(two.slice(0, 2), 'snapshot')).toEqual([
      '1 account belongs to another tenant, whose directory was not read, so rules about apps and policies stay unknown for it. Take a snapshot signed in to that tenant, and audit that.',
    ]);
  });

  it('says nothing of what a permission or a role would show', () => {
    expect(
      foreignAccounts(
        [
          gap('service-principals', 'tenant', 'forbidden'),
          gap('file-services', account('a')),
          gap('storage-accounts', '/subscriptions/s1'),
        ],
        'live',
      ),
    ).toEqual([]);
  });
});
