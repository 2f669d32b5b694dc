import { describe, expect, it } from 'vitest';
import { foreignTenantGaps } from '../../../domain/rules/foreign-tenant.ts';
import { indexDirectory } from '../../../domain/rules/directory.ts';
import { account, directory, guid } from '../build.ts';

const letters = 'abcdef00-0000-4000-8000-00000000000a';
const needs = ['storage-accounts', 'applications', 'service-principals', 'role-assignments'] as const;

describe('an account of another tenant than the directory that was read', () => {
  it('lacks the directory of its own tenant, and nothing of Azure; no permission of this tenant mends that', () => {
    const foreign = account({ tenantId: guid(78) });
    expect(foreignTenantGaps(foreign, directory(), needs)).toEqual([
      { collection: 'applications', scope: foreign.key, reason: 'not-visible', needs: null },
      { collection: 'service-principals', scope: foreign.key, reason: 'not-visible', needs: null },
    ]);
  });

  it.each(['storage-accounts', 'file-services', 'file-shares', 'private-endpoints', 'role-definitions'] as const)(
    'lacks nothing of %s, which Azure holds',
    (collection) => {
      expect(foreignTenantGaps(account({ tenantId: guid(78) }), directory(), [collection])).toEqual([]);
    },
  );

  it('is not one of this tenant, in whatever case, nor one that does not say', () => {
    const read = indexDirectory({ ...directory().facts, tenantId: letters });
    const inCapitals = indexDirectory({ ...directory().facts, tenantId: letters.toUpperCase() });
    for (const tenantId of [letters, letters.toUpperCase(), null]) {
      expect(foreignTenantGaps(account({ tenantId }), read, needs)).toEqual([]);
      expect(foreignTenantGaps(account({ tenantId }), inCapitals, needs)).toEqual([]);
    }
  });
});
