import { describe, expect, it } from 'vitest';
import type { ChangeRecord } from '../../../domain/drift/conclude.ts';
import { releaseAction } from '../../../domain/remediation/release-action.ts';
import { remediate } from '../../../domain/remediation/remediate.ts';
import type { WireObject } from '../../../infra/estate-source.ts';
import { modifiedApp, modifiedGrant, modifiedPolicy } from '../../../infra/local/azure/graph/modified-properties.ts';
import { parseDirectoryAudit } from '../../../infra/wire/directory-audit.ts';
import { guid } from '../build.ts';
import { remediator } from '../memory-ports.ts';
import { brokenWorlds, type BrokenWorld } from './broken-worlds.ts';
import { approve, jobNow, storedJob, wirePorts } from './wire-ports.ts';

const administrator = guid(0xad1);
const minute = 60_000;
const stranger = guid(0x5005);

/** What somebody else writes into the very value that the action replaces; null: its write replaces none that Entra records. */
const rivals: Readonly<Record<BrokenWorld['action'], ((object: WireObject) => WireObject) | null>> = {
  'grant-consent': null,
  'allow-aes256-kerberos': null,
  // There are two values: whoever wrote before wrote one of them.
  'assignment-not-required': null,
  'add-missing-scopes': ({ scope }) => ({ scope: `${String(scope)} Mail.Read` }),
  'add-privatelink-uris': ({ identifierUris }) => ({ identifierUris: [...texts(identifierUris), 'api://theirs'] }),
  'add-cloud-group-tag': ({ tags }) => ({ tags: [...texts(tags), 'theirs'] }),
  'exclude-app-from-policy': excludingOneMore,
  'replace-dangling-exclusion': excludingOneMore,
  'remove-orphaned-exclusion': excludingOneMore,
};

const rivalled = brokenWorlds.filter(({ action }) => rivals[action] !== null);
const listedActions = rivalled.map((broken) => [broken.action, broken] as const);

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? (value as string[]) : [];
}

function excludingOneMore(policy: WireObject): WireObject {
  const conditions = policy['conditions'] as WireObject;
  const applications = conditions['applications'] as WireObject;
  const excludeApplications = [...texts(applications['excludeApplications']), stranger];
  return { conditions: { ...conditions, applications: { ...applications, excludeApplications } } };
}

/** The record that Entra writes of an act, as Kerbwatch reads it. */
function recordOf(by: string, at: number, url: string, before: WireObject, after: WireObject): ChangeRecord {
  const isPolicy = url.includes('/policies/');
  const isGrant = url.includes('/oauth2PermissionGrants/');
  const changed = Object.keys(after).filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  const properties = isPolicy
    ? modifiedPolicy(before, after)
    : isGrant
      ? modifiedGrant(before, after)
      : changed.map((member) => modifiedApp(member, before, after));
  const record = parseDirectoryAudit({
    activityDateTime: new Date(at).toISOString(),
    activityDisplayName: 'Update',
    result: 'success',
    initiatedBy: by === remediator ? { app: { servicePrincipalId: by } } : { user: { id: by } },
    targetResources: [{ id: isGrant ? before['clientId'] : before['id'], modifiedProperties: properties }],
  });
  if (record === null) throw new Error('The act failed');
  return record;
}

/** A job whose write meets `rival` between the last read and the write, and what Entra has written down of both. */
async function met(broken: BrokenWorld, rival: ((object: WireObject) => WireObject) | null) {
  const ports = wirePorts(broken);
  const job = await storedJob(broken, ports);
  await approve(job, broken, ports);
  const url = job.plan.calls[0]?.url ?? '';
  const object = (): WireObject => {
    const found = ports.tenant.get(url);
    if (found === undefined) throw new Error(`Nothing lies at ${url}`);
    return structuredClone(found);
  };
  const records: ChangeRecord[] = [];
  let found: WireObject = {};
  ports.hooks.before = () => {
    const before = object();
    if (rival !== null) {
      ports.tenant.set(url, { ...before, ...rival(before) });
      records.push(recordOf(administrator, ports.world.now, url, before, object()));
    }
    found = object();
  };
  ports.hooks.after = () => {
    records.push(recordOf(remediator, ports.world.now, url, found, object()));
  };
  const run = () => remediate(job.jobId, broken.settings, ports);
  expect(await run()).toMatchObject({ state: 'done' });
  const show = (shown: readonly ChangeRecord[]): void => {
    ports.drift.log = { state: 'read', records: shown };
  };
  const overwritten = async () => (await jobNow(job.jobId, ports)).report?.overwritten;
  const later = async () => {
    ports.world.now = Math.max(...ports.sent.again.map(({ at }) => at));
    await run();
    return overwritten();
  };
  const collisions = () => ports.sent.work.flatMap(({ work }) => (work.kind === 'collision' ? [work.collision] : []));
  return { ports, job, records, show, later, overwritten, collisions, run };
}

describe.each(listedActions)('A change of what %s replaces, made in the last instant', (action, broken) => {
  it('is found in the audit records, stops the action and has a finding opened with both values', async () => {
    const { ports, job, records, show, later, overwritten, collisions } = await met(broken, rivals[action]);
    expect(await overwritten()).toMatchObject({ state: 'pending', lookAt: ports.world.now + 10 * minute });

    show(records);
    expect(await later()).toMatchObject({ state: 'found', by: administrator });

    const [collision, ...more] = collisions();
    expect(more).toEqual([]);
    expect(collision).toMatchObject({ jobId: job.jobId, action, cleared: false });
    expect(JSON.stringify(collision?.found)).toMatch(new RegExp(`${stranger}|theirs|Mail.Read`));
    expect(JSON.stringify(collision?.wanted)).not.toMatch(new RegExp(`${stranger}|theirs|Mail.Read`));
    expect(ports.braked().actions[action]?.stopped).toMatchObject({ jobIds: [job.jobId] });
    // The repair itself stands.
    expect((await jobNow(job.jobId, ports)).state).toBe('done');
  });

  it('is found by the record of whoever made it, where that of the write does not say what it replaced', async () => {
    const { records, show, later } = await met(broken, rivals[action]);
    const [theirs, own] = records;
    if (theirs === undefined || own === undefined) throw new Error('Both acts are recorded');

    show([theirs, { ...own, touched: own.touched.map(({ name, before }) => ({ name, before })) }]);
    expect(await later()).toMatchObject({ state: 'found', by: administrator });
  });

  it('is not claimed where nobody made one', async () => {
    const { ports, records, show, later, collisions } = await met(broken, null);

    show(records);
    expect(await later()).toEqual({ state: 'none', at: ports.world.now });
    expect(collisions()).toEqual([]);
    expect(ports.braked().actions[action]?.stopped ?? null).toBeNull();
  });

  it('is not claimed where somebody changed another member of the object', async () => {
    const { records, show, later } = await met(broken, () => ({ notes: 'Edited meanwhile' }));

    show(records);
    expect(await later()).toMatchObject({ state: 'none' });
  });
});

describe('Whether a write replaced a change', () => {
  const [listed] = rivalled;
  if (listed === undefined) throw new Error('No action replaces a list');

  it('waits for records that come late, three looks in all, and is unknown then', async () => {
    const { ports, job, later, overwritten } = await met(listed, rivals[listed.action]);
    const wroteAt = ports.world.now;

    expect(await later()).toMatchObject({ state: 'pending', lookAt: wroteAt + 30 * minute });
    expect(await later()).toMatchObject({ state: 'pending', lookAt: wroteAt + 90 * minute });
    expect(await later()).toMatchObject({
      state: 'unknown',
      why: expect.stringMatching(/no record of the write/) as unknown,
    });

    const asked = ports.sent.again.length;
    await remediate(job.jobId, listed.settings, ports);
    expect(ports.sent.again).toHaveLength(asked);
    expect(await overwritten()).toMatchObject({ state: 'unknown' });
  });

  it('is unknown at once where the records may not be read, with the permission that would tell', async () => {
    const { ports, later } = await met(listed, null);
    ports.drift.log = { state: 'unreadable', reason: 'forbidden', needs: 'AuditLog.Read.All' };

    expect(await later()).toMatchObject({
      state: 'unknown',
      why: expect.stringContaining('AuditLog.Read.All') as unknown,
    });
  });

  it('is looked up again where the records cannot be read for now', async () => {
    const { ports, records, show, later } = await met(listed, rivals[listed.action]);
    ports.drift.log = { state: 'unreadable', reason: 'throttled', needs: null };

    expect(await later()).toMatchObject({ state: 'pending' });
    show(records);
    expect(await later()).toMatchObject({ state: 'found' });
  });

  it('is unknown where somebody else wrote in the same minutes, and no record says what', async () => {
    const { records, show, later } = await met(listed, rivals[listed.action]);
    show(records.map((one) => ({ ...one, touched: one.touched.map(({ name, before }) => ({ name, before })) })));

    expect(await later()).toMatchObject({ state: 'unknown', why: expect.stringContaining(administrator) as unknown });
  });

  it('is not told by a record of another write of the remediator to the same object', async () => {
    const { records, show, later } = await met(listed, rivals[listed.action]);
    const own = records.at(-1);
    if (own === undefined) throw new Error('The write is recorded');
    const values = (was: string) => ({
      'DelegatedPermissionGrant.Scope': { was: JSON.stringify(was), became: '"other"' },
    });
    show([{ ...own, touched: own.touched.map((one) => ({ ...one, values: values('openid') })) }]);

    expect(await later()).toMatchObject({ state: 'pending' });
  });

  it('is looked up though its message comes before its time, by a clock that is behind', async () => {
    const { ports, job, overwritten } = await met(listed, null);
    ports.world.now += 9 * minute;
    await remediate(job.jobId, listed.settings, ports);

    expect(await overwritten()).toMatchObject({ state: 'pending' });
    // A message for the same time would be dropped as a duplicate.
    expect(ports.sent.again.at(-1)?.at).toBeGreaterThan(ports.sent.again[0]?.at ?? Infinity);
  });

  it('closes its finding when a person releases the action', async () => {
    const { ports, records, show, later, collisions } = await met(listed, rivals[listed.action]);
    show(records);
    await later();

    expect(await releaseAction(listed.action, administrator, ports)).toBe(true);
    expect(collisions().at(-1)).toMatchObject({ cleared: true });
  });

  it('is unknown from the start for the settings of a file service, of which Azure keeps no record', async () => {
    const broken = brokenWorlds.find(({ action }) => action === 'allow-aes256-kerberos');
    if (broken === undefined) throw new Error('The action is not there');
    const ports = wirePorts(broken);
    const job = await storedJob(broken, ports);
    await approve(job, broken, ports);

    expect(await remediate(job.jobId, broken.settings, ports)).toMatchObject({ state: 'done' });
    expect((await jobNow(job.jobId, ports)).report?.overwritten).toMatchObject({ state: 'unknown' });
    expect(ports.sent.again).toEqual([]);
  });
});
