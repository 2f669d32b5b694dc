import { beforeEach, describe, expect, it } from 'vitest';
import { attributeChange } from '../../../domain/audit/attribute-change.ts';
import { auditShard } from '../../../domain/audit/audit-shard.ts';
import type { Digest } from '../../../domain/audit/drift-ports.ts';
import { planAudit } from '../../../domain/audit/plan-audit.ts';
import { settings } from '../build.ts';
import { change, minute, pipeline, record } from '../drift/build-change.ts';
import { directoryOf, kerberosAccount, onlyRules } from '../estate.ts';
import { memoryPorts, type MemoryPorts } from '../memory-ports.ts';

const profiles = kerberosAccount('profiles');
const given = settings({ rules: onlyRules('consent-granted') });
let ports: MemoryPorts;

beforeEach(async () => {
  ports = memoryPorts([profiles], directoryOf(['profiles']));
  await night('run-0');
});

async function night(id: string): Promise<Digest | undefined> {
  ports.world.now += 60 * minute;
  const { shards } = await planAudit(id, given, ports);
  for (let number = 0; number < shards; number += 1) await auditShard(id, number, given, ports);
  return (await ports.runs.find(id))?.digest;
}

/** A change is noticed, and some minutes later its record is there. */
async function foundOut(id: string): Promise<void> {
  ports.world.now += minute;
  const noticed = change({ id, key: profiles.key, at: ports.world.now, since: ports.world.now - minute });
  await ports.changes.append(noticed);
  ports.drift.log = { state: 'read', records: [record({ at: ports.world.now - 1000, actor: pipeline })] };
  ports.world.now += 5 * minute;
  await attributeChange({ kind: 'attribute', accountId: profiles.id, changeId: id, attempt: 1 }, given, ports);
}

describe('The digest of a run', () => {
  it('names account, properties and person of what was found out since the run before, once, and alerts nobody', async () => {
    await foundOut('change-1');
    const alerts = ports.sent.alerts.length;

    expect(await night('run-1')).toMatchObject({
      count: 1,
      changes: [
        {
          key: profiles.key,
          properties: change().properties.map(({ property }) => property),
          actors: [{ kind: pipeline.kind, objectId: pipeline.objectId }],
          confidence: 'proved',
        },
      ],
    });
    expect(ports.sent.alerts).toHaveLength(alerts);
    expect(await night('run-2')).toEqual({ count: 0, changes: [] });
  });

  it('names fifty, and counts the rest', async () => {
    for (let index = 0; index < 51; index += 1) await foundOut(`change-${String(index)}`);
    const digest = await night('run-1');

    expect([digest?.count, digest?.changes.length]).toEqual([51, 50]);
  });

  it('is empty for the first run, which nothing came before', async () => {
    expect((await ports.runs.find('run-0'))?.digest).toEqual({ count: 0, changes: [] });
  });
});
