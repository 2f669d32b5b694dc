import { beforeEach, describe, expect, it } from 'vitest';
import { auditAccount } from '../../../domain/audit/audit-account.ts';
import { auditShard } from '../../../domain/audit/audit-shard.ts';
import { planAudit } from '../../../domain/audit/plan-audit.ts';
import { known } from '../../../domain/model/collection.ts';
import { fileService, guid, settings } from '../build.ts';
import { directoryOf, kerberosAccount, onlyRules } from '../estate.ts';
import { memoryPorts, type MemoryPorts } from '../memory-ports.ts';

const hour = 3_600_000;
const wanting = settings({ rules: onlyRules('kerberos-aes256-allowed'), remediation: {} });
const [well, moved] = [kerberosAccount('well'), kerberosAccount('moved')];
const refusing = fileService({ accountKey: moved.key, authenticationMethods: ['NTLMv2'] });
const fault = 'moved/kerberos-aes256-allowed';

let ports: MemoryPorts;
/** Accounts that were read alone. */
let read: string[];
beforeEach(async () => {
  const memory = memoryPorts([well, moved], directoryOf(['well', 'moved']));
  await memory.store.runs.markBaselined([guid(2), '-']);
  read = [];
  const account: MemoryPorts['facts']['account'] = (accountId) => {
    read.push(accountId.toLowerCase());
    return memory.facts.account(accountId);
  };
  ports = { ...memory, facts: { ...memory.facts, account } };
});

/** The shard is audited long after its accounts were listed, which is when `change` came. */
async function lateShard(runId: string, change: () => void, lateMs = hour / 2): Promise<void> {
  await planAudit(runId, wanting, ports);
  ports.sent.work.length = 0;
  ports.world.now += lateMs;
  change();
  await auditShard(runId, 0, wanting, ports);
}

/** As an administrator leaves it who moves the account from Entra Kerberos to AD DS. */
function moveToAd(): void {
  ports.world.fileServices = known([fileService({ accountKey: well.key }), refusing]);
  const account = { ...moved, directoryService: 'AD' };
  ports.world.readings.set(moved.key, { state: 'found', account, fileServices: known([refusing]) });
}

function breakIt(): void {
  ports.world.fileServices = known([fileService({ accountKey: well.key }), refusing]);
  ports.world.readings.set(moved.key, { state: 'found', account: moved, fileServices: known([refusing]) });
}

async function auditLeft(): Promise<readonly string[]> {
  const work = ports.sent.work.flatMap(({ work: one }) => (one.kind === 'account' ? [one] : []));
  for (const { accountId, cause } of work) await auditAccount(accountId, cause, wanting, ports);
  return work.map(({ accountId }) => accountId);
}

function open(): readonly string[] {
  return ports.store.all().flatMap(({ id, state, outcome }) => (state === 'open' ? [`${id} ${outcome}`] : []));
}

describe('A shard that comes long after its accounts were listed', () => {
  it('opens nothing that the account of then and the file service of now show together: the account is audited alone', async () => {
    await lateShard('run-1', moveToAd);

    expect(ports.store.all()).toEqual([]);
    ports.world.now += 1000;
    expect(await auditLeft()).toEqual([moved.id]);
    expect(ports.store.all()).toEqual([]);
    expect((await ports.store.runs.shard('run-1', 0))?.tally?.verdicts).toMatchObject({ pass: 1, fail: 0 });
  });

  it('says nothing of an account that went to another place since', async () => {
    await lateShard('run-1', () => {
      ports.world.fileServices = known([fileService({ accountKey: well.key })]);
      ports.world.readings.delete(moved.key);
    });

    expect(ports.store.all()).toEqual([]);
    expect(await auditLeft()).toEqual([moved.id]);
    expect(ports.store.all()).toEqual([]);
  });

  it('says nothing of an account that was deleted since, in a first audit that comes at once either', async () => {
    ports.runs.baselined = () => Promise.resolve(new Set());
    const deleted = (): void => {
      ports.world.fileServices = known([fileService({ accountKey: well.key })]);
      ports.world.readings.set(moved.key, { state: 'absent' });
    };
    await lateShard('run-1', deleted, 60_000);

    expect(ports.store.all()).toEqual([]);
    expect(await auditLeft()).toEqual([moved.id]);
  });

  it('leaves an account that cannot be read again to whoever can', async () => {
    const gap = { collection: 'storage-accounts', scope: moved.key, reason: 'throttled', needs: null } as const;
    await lateShard('run-1', () => {
      breakIt();
      ports.world.readings.set(moved.key, { state: 'unreadable', gap });
    });

    expect(open()).toEqual([]);
    breakIt();
    expect(await auditLeft()).toEqual([moved.id]);
    expect(open()).toEqual([`${fault} fail`]);
  });

  it('tells what does not rest on the file service of an account that nobody may read any more', async () => {
    const gap = { collection: 'storage-accounts', scope: moved.key, reason: 'forbidden', needs: null } as const;
    const both = { ...wanting, rules: onlyRules('kerberos-aes256-allowed', 'consent-granted') };
    ports.world.directory = directoryOf(['well', 'moved'], []);
    await planAudit('run-1', both, ports);
    ports.sent.work.length = 0;
    ports.world.now += 30 * 60_000;
    breakIt();
    ports.world.readings.set(moved.key, { state: 'unreadable', gap });
    await auditShard('run-1', 0, both, ports);

    expect(open()).toContain('moved/consent-granted fail');
    expect(open()).not.toContain(`${fault} fail`);
    expect(await auditLeft()).toEqual([]);
  });

  it('queues the same audit once more where it comes again', async () => {
    await lateShard('run-1', moveToAd);
    const [first] = ports.sent.work;
    const runs = { ...ports.runs, shard: async () => ({ ...(await required()), tally: null }) };
    const required = async () => {
      const shard = await ports.runs.shard('run-1', 0);
      if (shard === null) throw new Error('There is no such shard');
      return shard;
    };
    await auditShard('run-1', 0, wanting, { ...ports, runs });

    expect(ports.sent.work.map(({ messageId }) => messageId)).toEqual([first?.messageId, first?.messageId]);
  });
});

describe('A file service that shows a fault', () => {
  it('is believed where the account shows the same, and is not asked about again while the fault is known', async () => {
    await lateShard('run-1', breakIt);
    expect([open(), read]).toEqual([[`${fault} fail`], [moved.key]]);
    await lateShard('run-2', breakIt);

    expect([open(), read]).toEqual([[`${fault} fail`], [moved.key]]);
    expect(ports.sent.work.filter(({ work }) => work.kind === 'account')).toEqual([]);
  });

  it('costs nothing more where all is well', async () => {
    await lateShard('run-1', () => undefined);

    expect(read).toEqual([]);
  });

  it.each([
    ['nothing more in a first audit that comes at once', 60_000, 0],
    ['one reading in a first audit that comes late', 3 * hour, 1],
  ])('costs %s', async (_, lateMs, reads) => {
    ports.runs.baselined = () => Promise.resolve(new Set());
    await lateShard('run-1', breakIt, lateMs);

    expect([open(), read.length]).toEqual([[`${fault} fail`], reads]);
  });
});

describe('What a shard tells that waited', () => {
  it.each([
    ['for hours is looked at again, since no watch led there meanwhile', 3 * hour, [moved.id, well.id]],
    ['for minutes is left at that', hour / 2, []],
  ])('%s', async (_, lateMs, looked) => {
    const consents = settings({ rules: onlyRules('consent-granted'), remediation: {} });
    ports.world.directory = directoryOf(['well', 'moved'], []);
    await planAudit('run-1', consents, ports);
    ports.sent.work.length = 0;
    ports.world.now += lateMs;
    ports.world.directory = directoryOf(['well', 'moved']);
    await auditShard('run-1', 0, consents, ports);

    expect(open()).toHaveLength(2);
    const again = ports.sent.work.flatMap(({ work }) => (work.kind === 'account' ? [work] : []));
    expect(again.map(({ accountId }) => accountId).sort()).toEqual(looked);
    ports.world.now += 1000;
    for (const { accountId, cause } of again) await auditAccount(accountId, cause, consents, ports);
    expect(open()).toHaveLength(looked.length === 0 ? 2 : 0);
  });
});
