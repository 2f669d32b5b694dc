import { describe, expect, it } from 'vitest';
import type { AccountLink } from '../../../domain/audit/account-link.ts';
import { auditAccount } from '../../../domain/audit/audit-account.ts';
import { auditShard } from '../../../domain/audit/audit-shard.ts';
import { keepLinks } from '../../../domain/audit/keep-links.ts';
import { collected, known, unavailable } from '../../../domain/model/collection.ts';
import { planAudit } from '../../../domain/audit/plan-audit.ts';
import type { DirectoryFacts } from '../../../domain/model/facts.ts';
import type { StorageAccount } from '../../../domain/model/storage-account.ts';
import { indexDirectory } from '../../../domain/rules/directory.ts';
import { gap, grant, now, settings } from '../build.ts';
import { directoryOf, kerberosAccount, principalIdOf, storageAppOf } from '../estate.ts';
import { memoryPorts } from '../memory-ports.ts';
import { memoryLinks, type MemoryLinks, memoryMarks } from '../memory-watch.ts';

const account = kerberosAccount('profiles');
const app = storageAppOf('profiles', 0);
const whole: AccountLink = {
  accountId: account.id,
  accountKey: account.key,
  host: 'profiles.file.core.windows.net',
  apps: [{ appId: app.application.appId, applicationId: app.application.id, principalId: principalIdOf(0) }],
  grantIds: ['grant-0'],
  unread: [],
  readAt: now,
};

async function keep(links: MemoryLinks, facts: DirectoryFacts, readAt = now, of: StorageAccount = account) {
  await keepLinks(
    of.subscriptionId,
    [of],
    indexDirectory(facts),
    { readAt, now: readAt },
    {
      accountLinks: links,
      watchMarks: memoryMarks(),
    },
  );
  return Array.fromAsync(links.all());
}

describe('The link of an account', () => {
  it('holds its app, principal and tenant-wide grants, whatever its identity source', async () => {
    const directory = directoryOf(['profiles']);
    const ones = grant({ id: 'one-user', clientId: principalIdOf(0), consentType: 'Principal' });
    const grants = known([app.grant, ones]);

    for (const directoryService of ['AADKERB', 'None']) {
      const links = memoryLinks();
      const facts = { ...directory, oauth2PermissionGrants: grants };
      expect(await keep(links, facts, now, { ...account, directoryService })).toEqual([whole]);
    }
  });

  it('is there without an app too, for one that claims the host later', async () => {
    expect(await keep(memoryLinks(), directoryOf([]))).toMatchObject([{ host: whole.host, apps: [], grantIds: [] }]);
  });

  it.each([
    ['has no file endpoint', { host: null }],
    ['can hold no SMB share', { kind: 'BlobStorage' }],
  ])('is none where the account %s', async (_, over) => {
    expect(await keep(memoryLinks(), directoryOf(['profiles']), now, { ...account, ...over })).toEqual([]);
  });

  it('is written again only when what it holds has changed', async () => {
    const links = memoryLinks();
    await keep(links, directoryOf(['profiles']));
    await keep(links, directoryOf(['profiles']), now + 1);
    expect(links.written()).toBe(1);

    await keep(links, directoryOf(['profiles'], []), now + 2);
    expect(links.written()).toBe(2);
  });

  it('loses nothing to lists that were not read whole, and gains what they show', async () => {
    const links = memoryLinks();
    await keep(links, directoryOf(['profiles']));
    const nothing = directoryOf([]);
    await keep(links, { ...nothing, servicePrincipals: unavailable(gap('service-principals')) }, now + 1);
    await keep(
      links,
      { ...nothing, oauth2PermissionGrants: collected([], [gap('oauth2-permission-grants')]) },
      now + 2,
    );
    expect(await Array.fromAsync(links.all())).toMatchObject([{ apps: whole.apps, grantIds: whole.grantIds }]);

    const another = { ...app.principal, id: 'another', appId: 'another' };
    const seen = collected([another], [gap('service-principals')]);
    expect(await keep(links, { ...nothing, servicePrincipals: seen }, now + 3)).toMatchObject([
      { apps: [...whole.apps, { appId: 'another', principalId: 'another' }] },
    ]);
  });

  it('says which lists it lacks, until they were read whole', async () => {
    const links = memoryLinks();
    const oauth2PermissionGrants = unavailable<never>(gap('oauth2-permission-grants'));
    const lacking = await keep(links, { ...directoryOf(['profiles']), oauth2PermissionGrants });
    const found = await keep(links, directoryOf(['profiles']), now + 1);

    expect(lacking).toMatchObject([{ grantIds: [], unread: ['oauth2-permission-grants'] }]);
    expect(found).toMatchObject([{ grantIds: whole.grantIds, unread: [] }]);
  });

  it('stands against facts that were read before its own', async () => {
    const links = memoryLinks();
    await keep(links, directoryOf(['profiles']));

    expect(await keep(links, directoryOf([]), now - 1)).toEqual([whole]);
  });

  it.each(['account', 'night'])(
    'is kept before the %s is judged: a grant removed meanwhile leads to it',
    async (which) => {
      const ports = memoryPorts([account]);
      const cause = { kind: 'event', id: 'e', actor: { kind: 'unknown', objectId: null } } as const;
      const known: (readonly string[])[] = [];
      const findings: typeof ports.findings = {
        ...ports.findings,
        read: async (subscriptionId, keys) => {
          known.push((await Array.fromAsync(ports.accountLinks.all())).flatMap(({ grantIds }) => grantIds));
          return ports.findings.read(subscriptionId, keys);
        },
      };
      if (which === 'account') await auditAccount(account.id, cause, settings(), { ...ports, findings });
      else {
        await planAudit('run-1', settings(), ports);
        await auditShard('run-1', 0, settings(), { ...ports, findings });
      }

      expect(known).toEqual([['grant-0']]);
    },
  );

  it('goes with the account', async () => {
    const ports = memoryPorts([account]);
    const cause = { kind: 'event', id: 'e', actor: { kind: 'unknown', objectId: null } } as const;
    await auditAccount(account.id, cause, settings(), ports);
    expect(await Array.fromAsync(ports.accountLinks.all())).toEqual([whole]);

    ports.world.readings.clear();
    await auditAccount(account.id, cause, settings(), ports);
    expect(await Array.fromAsync(ports.accountLinks.all())).toEqual([]);
  });
});
