import { describe, expect, it } from 'vitest';
import { AccountUnreadable, auditAccount } from '../../../domain/audit/audit-account.ts';
import { dispatchOutbox } from '../../../domain/audit/dispatch-outbox.ts';
import type { Cause } from '../../../domain/findings/finding.ts';
import { collected, type Collection, type GapReason, known, unavailable } from '../../../domain/model/collection.ts';
import type { FileService } from '../../../domain/model/resources.ts';
import { fileService, gap, guid, now, settings } from '../build.ts';
import { directoryOf, kerberosAccount, onlyRules } from '../estate.ts';
import { memoryPorts, type MemoryPorts } from '../memory-ports.ts';

const account = kerberosAccount('profiles');
const cause: Cause = { kind: 'event', id: 'event-1', actor: { kind: 'user', objectId: guid(9) } };

/** An estate that was audited before, in which consent is missing, and was found so. */
async function withOpenFinding(): Promise<MemoryPorts> {
  const ports = memoryPorts([account], directoryOf(['profiles'], []));
  await ports.store.runs.markBaselined([account.subscriptionId]);
  await auditAccount(account.id, cause, settings(), ports);
  ports.world.now += 1_000;
  return ports;
}

function unreadable(reason: GapReason) {
  const { key } = account;
  return { state: 'unreadable', gap: { collection: 'storage-accounts', scope: key, reason, needs: null } } as const;
}

async function actsOf(ports: MemoryPorts): Promise<string[]> {
  const entries = await Array.fromAsync(ports.store.outbox.entries(account.subscriptionId));
  return entries.flatMap(({ effects }) => effects.map((effect) => effect.kind));
}

describe('Auditing one account', () => {
  it('opens what is wrong, with an alert and the job that mends it', async () => {
    const ports = await withOpenFinding();

    expect(ports.store.all()).toMatchObject([{ id: 'profiles/consent-granted', state: 'open', factsReadAt: now }]);
    expect(await actsOf(ports)).toEqual(['job', 'alert']);
  });

  it('takes an id in any case for the same account', async () => {
    const ports = await withOpenFinding();

    await auditAccount(account.id.toUpperCase(), cause, settings(), ports);

    expect(ports.store.all()).toHaveLength(1);
  });

  it('has neither alert nor job while the first audit of the subscription is not done', async () => {
    const ports = memoryPorts([account], directoryOf(['profiles'], []));

    const { transitions } = await auditAccount(account.id, cause, settings(), ports);

    expect(transitions.map(({ kind }) => kind)).toEqual(['opened']);
    expect(await actsOf(ports)).toEqual([]);
  });

  it('resolves what is mended', async () => {
    const ports = await withOpenFinding();
    ports.world.directory = directoryOf(['profiles']);

    const { transitions } = await auditAccount(account.id, cause, settings(), ports);

    expect(transitions.map(({ kind, cause: { actor } }) => [kind, actor])).toEqual([['resolved', cause.actor]]);
  });

  it.each([
    ['its own job', true, 'proved'],
    ['another job', false, 'unknown'],
  ])('tells who mended it, after the verification of %s', async (_, isOwn, actorConfidence) => {
    const automatic = settings({ remediation: { 'grant-consent': 'auto' } });
    const ports = memoryPorts([account], directoryOf(['profiles'], []));
    await ports.store.runs.markBaselined([account.subscriptionId]);
    await auditAccount(account.id, cause, automatic, ports);
    await dispatchOutbox(ports);
    const job = ports.sent.jobs[0]?.jobId ?? '';
    ports.world.now += 1_000;
    ports.world.directory = directoryOf(['profiles']);
    const actor = { kind: 'application', objectId: guid(8) } as const;
    const verification: Cause = { kind: 'verification', id: isOwn ? job : 'another', actor };
    await auditAccount(account.id, verification, automatic, ports);
    await dispatchOutbox(ports);

    expect(ports.sent.alerts.at(-1)).toMatchObject({ transition: 'resolved', actorConfidence });
  });

  it('closes findings as gone after a 404', async () => {
    const ports = await withOpenFinding();
    ports.world.readings.clear();

    const audited = await auditAccount(account.id, cause, settings(), ports);

    expect(audited).toMatchObject({ subscriptionId: account.subscriptionId, outcome: 'absent' });
    expect(ports.store.all().map(({ state }) => state)).toEqual(['gone']);
  });

  it.each(['forbidden', 'unauthorized', 'not-visible', 'malformed'] as const)(
    'changes nothing when the account is %s',
    async (reason) => {
      const ports = await withOpenFinding();
      ports.world.readings.set(account.key, unreadable(reason));
      const before = ports.store.all();

      const audited = await auditAccount(account.id, cause, settings(), ports);

      expect(audited).toMatchObject({ outcome: 'unreadable', transitions: [] });
      expect(ports.store.all()).toEqual(before);
      // It was not read, so the shard of a run that read it before must still judge it.
      expect(await ports.store.accountReads.of(account.subscriptionId)).toEqual(new Map([[account.key, now]]));
    },
  );

  it.each(['throttled', 'unreachable', 'server-error'] as const)(
    'asks to be tried again when the account is %s',
    async (reason) => {
      const ports = await withOpenFinding();
      ports.world.readings.set(account.key, unreadable(reason));

      const auditing = auditAccount(account.id, cause, settings(), ports);

      await expect(auditing).rejects.toThrow(AccountUnreadable);
      await expect(auditing).rejects.toThrow(new RegExp(reason));
      expect(ports.store.all().map(({ state }) => state)).toEqual(['open']);
    },
  );

  it('resolves nothing while the directory cannot be read', async () => {
    const ports = await withOpenFinding();
    ports.world.directory = {
      ...directoryOf(['profiles']),
      oauth2PermissionGrants: unavailable(gap('oauth2-permission-grants')),
    };

    const { outcome, transitions } = await auditAccount(account.id, cause, settings(), ports);

    expect([outcome, transitions]).toEqual(['judged', []]);
  });

  it('does not judge an account that settings leave out of scope', async () => {
    const ports = await withOpenFinding();
    const before = ports.store.commits.attempted;
    const excluded = settings({ scope: { managementGroups: [], subscriptions: [], exclude: [{ name: 'PROF*' }] } });

    expect(await auditAccount(account.id, cause, excluded, ports)).toMatchObject({ outcome: 'out-of-scope' });
    expect(ports.store.commits.attempted).toBe(before);
  });

  it('commits nothing when nothing has changed', async () => {
    const ports = await withOpenFinding();
    const before = ports.store.commits.attempted;

    await auditAccount(account.id, cause, settings(), ports);

    expect(ports.store.commits.attempted).toBe(before);
  });

  it('dates its facts from before it reads', async () => {
    const ports = await withOpenFinding();
    const startedAt = ports.world.now;
    const facts: typeof ports.facts = {
      account: async (id) => {
        const reading = await ports.facts.account(id);
        ports.world.now += 5_000;
        return reading;
      },
      shared: () => Promise.resolve({ ...ports.world, directory: directoryOf(['profiles']) }),
    };

    await auditAccount(account.id, cause, settings(), { ...ports, facts });

    expect(ports.store.all()).toMatchObject([{ state: 'resolved', factsReadAt: startedAt }]);
  });
});

describe('Auditing one account with a directory list that could not be read for a passing reason', () => {
  it('keeps what is decided without it, and asks to be repeated', async () => {
    const ports = memoryPorts([account], directoryOf(['profiles'], []));
    await ports.store.runs.markBaselined([account.subscriptionId]);
    const throttled = { ...gap('conditional-access-policies'), reason: 'throttled' } as const;
    ports.world.directory = { ...ports.world.directory, conditionalAccessPolicies: unavailable(throttled) };

    await expect(auditAccount(account.id, cause, settings(), ports)).rejects.toThrow(AccountUnreadable);

    expect(ports.store.all().map(({ rule }) => rule)).toEqual(['consent-granted']);
  });

  it('does not ask for it when a permission is missing, which repeating does not mend', async () => {
    const ports = memoryPorts([account], directoryOf(['profiles']));
    const forbidden = unavailable<never>(gap('conditional-access-policies'));
    ports.world.directory = { ...ports.world.directory, conditionalAccessPolicies: forbidden };

    await expect(auditAccount(account.id, cause, settings(), ports)).resolves.toMatchObject({ outcome: 'judged' });
  });
});

describe('When an account was last read on its own', () => {
  it('is recorded for a whole reading, and not for one with a gap, which an older but fuller run may outdo', async () => {
    const ports = memoryPorts([account], directoryOf(['profiles']));
    const whole = ports.world.directory;
    ports.world.directory = {
      ...whole,
      conditionalAccessPolicies: unavailable<never>(gap('conditional-access-policies')),
    };
    await auditAccount(account.id, cause, settings(), ports);
    const withGap = await ports.accountReads.of(account.subscriptionId);
    const recorded = withGap.has(account.key);
    ports.world.directory = whole;
    await auditAccount(account.id, cause, settings(), ports);

    expect(recorded).toBe(false);
    expect((await ports.accountReads.of(account.subscriptionId)).get(account.key)).toBe(now);
  });
});

describe('Auditing one account whose file service is wanted', () => {
  const wanting = settings({ rules: onlyRules('kerberos-aes256-allowed') });
  const refusing = fileService({ accountKey: account.key, authenticationMethods: ['NTLMv2'] });
  const unread = (reason: GapReason) => unavailable<never>({ ...gap('file-services'), scope: account.key, reason });

  async function found(fileServices: Collection<FileService>): Promise<MemoryPorts> {
    const ports = memoryPorts([account], directoryOf(['profiles']));
    ports.world.readings.set(account.key, { state: 'found', account, fileServices });
    await auditAccount(account.id, cause, wanting, ports);
    ports.world.now += 1_000;
    return ports;
  }

  it('judges it from the file service that was read with it', async () => {
    const ports = await found(known([refusing]));

    expect(ports.store.all()).toMatchObject([{ rule: 'kerberos-aes256-allowed', outcome: 'fail' }]);
    expect((await ports.accountReads.of(account.subscriptionId)).get(account.key)).toBe(now);
  });

  it('resolves nothing while the file service is forbidden, and does not count as read whole', async () => {
    const ports = await found(known([refusing]));
    ports.world.readings.set(account.key, { state: 'found', account, fileServices: unread('forbidden') });

    expect(await auditAccount(account.id, cause, wanting, ports)).toMatchObject({ outcome: 'judged', transitions: [] });
    expect(ports.store.all()).toMatchObject([{ state: 'open' }]);
    expect((await ports.accountReads.of(account.subscriptionId)).get(account.key)).toBe(now);
  });

  it('asks to be tried again while the file service is throttled', async () => {
    await expect(found(unread('throttled'))).rejects.toThrow(/file-services could not be read .* \(throttled\)/);
  });

  it('has no gap of a file service that no rule asks for', async () => {
    const ports = memoryPorts([account], directoryOf(['profiles']));
    ports.world.readings.set(account.key, { state: 'found', account, fileServices: unread('throttled') });

    await auditAccount(account.id, cause, settings({ rules: onlyRules('consent-granted') }), ports);

    expect((await ports.accountReads.of(account.subscriptionId)).get(account.key)).toBe(now);
  });
});

describe('A list that is hidden in another subscription only', () => {
  it('does not keep the account from being read whole; one that may hide what is its own does', async () => {
    const ports = memoryPorts([account], directoryOf(['profiles']));
    const wanting = settings({ rules: onlyRules('consent-granted') });
    const over = async (scope: string): Promise<boolean> => {
      const hidden = { ...gap('applications'), scope };
      ports.world.directory = { ...directoryOf(['profiles']), applications: collected([], [hidden]) };
      ports.world.now += 1_000;
      await auditAccount(account.id, cause, wanting, ports);
      return (await ports.accountReads.of(account.subscriptionId)).get(account.key) === ports.world.now;
    };

    expect(await over(`/subscriptions/${guid(77)}`)).toBe(true);
    expect(await over(`/subscriptions/${account.subscriptionId}`)).toBe(false);
    expect(await over('tenant')).toBe(false);
  });
});
