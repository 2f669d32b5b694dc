import { beforeEach, describe, expect, it } from 'vitest';
import { auditAccount } from '../../../domain/audit/audit-account.ts';
import { auditShard } from '../../../domain/audit/audit-shard.ts';
import { lastSeen } from '../../../domain/audit/last-seen.ts';
import { planAudit } from '../../../domain/audit/plan-audit.ts';
import type { Finding } from '../../../domain/findings/finding.ts';
import { unavailable } from '../../../domain/model/collection.ts';
import { day, gap, settings } from '../build.ts';
import { directoryOf, kerberosAccount, onlyRules } from '../estate.ts';
import { memoryPorts, type MemoryPorts } from '../memory-ports.ts';

const profiles = kerberosAccount('profiles');
const given = settings({ rules: onlyRules('consent-granted'), remediation: { 'grant-consent': 'off' } });
let ports: MemoryPorts;

beforeEach(async () => {
  ports = memoryPorts([profiles], directoryOf(['profiles'], []));
  await night('run-0');
});

/** An audit of the estate as it is, a day after what came before. */
async function night(id: string, by = given): Promise<number> {
  ports.world.now += day;
  const { shards } = await planAudit(id, by, ports);
  for (let number = 0; number < shards; number += 1) await auditShard(id, number, by, ports);
  return (await ports.runs.find(id))?.startedAt ?? 0;
}

function stored(): Finding {
  const found = ports.store.all().find(({ rule }) => rule === 'consent-granted');
  if (found === undefined) throw new Error('nothing is stored');
  return found;
}

const seenAt = (finding = stored()): Promise<number | null> => lastSeen(ports)(finding);

describe('When a fault was last seen', () => {
  it('is told by the last run that covered the account, which wrote nothing about it', async () => {
    const before = stored();
    const run = await night('run-1');

    expect(stored()).toEqual(before);
    expect(await seenAt()).toBe(run);
  });

  it('is told by a later audit of that account alone', async () => {
    await night('run-1');
    ports.world.now += 1000;
    const actor = { kind: 'unknown', objectId: null } as const;
    await auditAccount(profiles.id, { kind: 'event', id: 'e1', actor }, given, ports);

    expect(await seenAt()).toBe(ports.world.now);
  });

  it.each<[string, () => void]>([
    [
      'the accounts of the subscription',
      () => {
        const scope = `/subscriptions/${profiles.subscriptionId}`;
        ports.world.accountGaps = [{ ...gap('storage-accounts'), scope }];
      },
    ],
    [
      'what the rule looks at besides',
      () => {
        const grants = unavailable<never>(gap('oauth2-permission-grants'));
        ports.world.directory = { ...ports.world.directory, oauth2PermissionGrants: grants };
      },
    ],
    [
      'the subscription at all',
      () => {
        ports.world.seen = [];
      },
    ],
  ])('is not told by a run that could not read %s', async (_, hide) => {
    const whole = await night('run-1');
    hide();
    await night('run-2');

    expect(await seenAt()).toBe(whole);
  });

  it('is not told by a run that settings made leave the account out', async () => {
    const whole = await night('run-1');
    await night('run-2', settings({ ...given, scope: { ...given.scope, exclude: [{ name: 'profiles' }] } }));

    expect(await seenAt()).toBe(whole);
  });

  it('is not told by a run that is not finished', async () => {
    const whole = await night('run-1');
    ports.world.now += day;
    await planAudit('run-2', given, ports);

    expect(await seenAt()).toBe(whole);
  });

  it('is nothing for a finding that is closed: its closing says it', async () => {
    expect(await seenAt({ ...stored(), state: 'resolved' })).toBeNull();
  });

  it('is not known where every time that is stored is yet to come', async () => {
    const finding = { ...stored(), factsReadAt: ports.world.now + 30 * day };
    ports.world.now -= 30 * day;

    expect(await seenAt(finding)).toBeNull();
  });
});
