import { describe, expect, it } from 'vitest';
import { claimMs } from '../../../domain/remediation/job-progress.ts';
import { remediate } from '../../../domain/remediation/remediate.ts';
import { undoJob } from '../../../domain/remediation/undo-job.ts';
import type { FaultTarget } from '../../../infra/local/azure/faults.ts';
import { guid } from '../../domain/build.ts';
import { Crash } from '../../domain/faults.ts';
import { apply, type World } from '../../domain/remediation/apply-plan.ts';
import { type BrokenWorld, brokenWorlds } from '../../domain/remediation/broken-worlds.ts';
import { approve, jobNow, storedJob, withoutEditTime } from '../../domain/remediation/wire-ports.ts';
import { meddle, wiredPorts } from './embedded-wire.ts';

const isWrite = ({ method }: FaultTarget): boolean => method !== 'GET';

/** The collection that an action writes to. */
function writtenBy({ action }: BrokenWorld) {
  switch (action) {
    case 'grant-consent':
    case 'add-missing-scopes':
      return 'oauth2-permission-grants';
    case 'add-privatelink-uris':
    case 'add-cloud-group-tag':
      return 'applications';
    case 'assignment-not-required':
      return 'service-principals';
    case 'exclude-app-from-policy':
    case 'replace-dangling-exclusion':
    case 'remove-orphaned-exclusion':
      return 'conditional-access-policies';
    case 'allow-aes256-kerberos':
      return 'file-services';
  }
}

/** As Graph answers it: a consent that is made names nobody. */
function asMade(world: World): World {
  return new Map(
    [...world].map(([path, object]) =>
      path.endsWith('/made-by-graph') ? [path, { ...object, principalId: null }] : [path, object],
    ),
  );
}

describe.each(brokenWorlds.map((broken) => [broken.action, broken] as const))('Over HTTP, %s', (_action, broken) => {
  async function ready() {
    const ports = await wiredPorts(broken);
    const start = ports.tenant;
    const job = await storedJob(broken, ports);
    await approve(job, broken, ports);
    const [call] = job.plan.calls;
    if (call === undefined) throw new Error('The plan has no call');
    return { ports, job, start, call, run: () => remediate(job.jobId, broken.settings, ports) };
  }

  it('writes what its plan says, once, however often its message comes; and its undo gives back what there was', async () => {
    const { ports, job, start, call, run } = await ready();
    expect(await run()).toEqual({ state: 'done', reason: null });
    expect(await run()).toMatchObject({ state: 'already-settled' });
    expect(withoutEditTime(ports.tenant)).toEqual(withoutEditTime(asMade(apply(start, job.plan).after)));
    expect(ports.taken()).toEqual([`${call.method} ${call.url}`]);

    const undo = await undoJob(job.jobId, guid(0x0d0), ports);
    await approve(undo.job, broken, ports);
    expect(await remediate(undo.job.jobId, broken.settings, ports)).toMatchObject({ state: 'done' });
    expect(withoutEditTime(ports.tenant)).toEqual(withoutEditTime(start));
    expect(ports.taken()).toHaveLength(2);
  });

  it('writes once where two consumers take it', async () => {
    const { ports, run } = await ready();
    const both = await Promise.all([run(), run()]);
    expect(both.map(({ state }) => state).toSorted()).toEqual(['claimed-elsewhere', 'done']);
    expect(ports.taken()).toHaveLength(1);
  });

  it('is refused, and planned anew, where somebody changed the object between the planning and the last read', async () => {
    const { ports, job, run } = await ready();
    const { executor } = ports;
    const meddling: typeof executor = {
      ...executor,
      execute: (call) => executor.execute(call),
      read: (call) => {
        meddle(broken, ports);
        return executor.read(call);
      },
    };
    Object.assign(ports, { executor: meddling });
    expect(await run()).toMatchObject({ state: 'refused' });
    expect(ports.taken()).toEqual([]);
    expect(ports.sent.work.map(({ work }) => work.kind)).toContain('plan-repair');
    expect((await jobNow(job.jobId, ports)).state).toBe('refused');
  });

  it('is found out where somebody changes the object in the last instant: critical, with both values, and stopped', async () => {
    const { ports, job, run } = await ready();
    ports.hooks.after = () => {
      meddle(broken, ports);
    };
    expect(await run()).toMatchObject({ state: 'failed' });
    expect(ports.braked().actions[broken.action]?.stopped).toMatchObject({ jobIds: [job.jobId] });
    expect(ports.sent.work).toContainEqual(
      expect.objectContaining({ work: expect.objectContaining({ kind: 'collision' }) as unknown }),
    );
  });

  it('comes back when a throttled service says, and writes then', async () => {
    const { ports, job, run } = await ready();
    ports.azure.faults.throttle(1, isWrite, 90);
    expect(await run()).toMatchObject({ state: 'put-off', reason: expect.stringContaining('429') as string });
    // Conditional Access never says when (domain facts 4): the first pause of our own.
    const pause = writtenBy(broken) === 'conditional-access-policies' ? 30_000 : 90_000;
    expect(ports.sent.again).toEqual([{ jobId: job.jobId, at: ports.world.now + pause }]);
    expect(ports.taken()).toEqual([]);

    ports.world.now += pause;
    expect(await run()).toMatchObject({ state: 'done' });
    expect(ports.taken()).toHaveLength(1);
  });

  it('comes back where the service is in trouble, or the read is throttled', async () => {
    const { ports, run } = await ready();
    ports.azure.faults.unavailable(1, isWrite);
    expect(await run()).toMatchObject({ state: 'put-off', reason: expect.stringContaining('503') as string });
    // A gateway may say that of a write that went through: what is there is looked at before it is written again.
    ports.world.now += claimMs;
    ports.azure.faults.throttle(1, () => true);
    expect(await run()).toMatchObject({ state: 'put-off', reason: expect.stringContaining('429') as string });
    ports.world.now += 120_000;
    expect(await run()).toMatchObject({ state: 'done' });
    expect(ports.taken()).toHaveLength(1);
  });

  it('fails for want of the permission, which it names; the finding stays open, and a copy is put aside', async () => {
    const { ports, start, call, run } = await ready();
    ports.azure.faults.forbidWriting(writtenBy(broken));
    const { state, reason } = await run();
    expect([state, reason]).toEqual(['failed', expect.stringContaining(call.permission)]);
    expect(ports.tenant).toEqual(start);
    expect(ports.store.all()).toMatchObject([{ id: broken.findingId, state: 'open' }]);
    expect(ports.sent.rejected).toEqual([{ source: 'remediation-jobs', reason }]);
    expect(ports.sent.results).toMatchObject([{ outcome: 'failed', reason }]);
    expect(ports.braked().actions[broken.action]?.failures).toHaveLength(1);
  });

  it('is refused where what it was planned for is gone before', async () => {
    const { ports, run } = await ready();
    ports.tenant = new Map();
    expect(await run()).toMatchObject({ state: 'refused' });
    expect(ports.taken()).toEqual([]);
    expect(ports.sent.rejected).toHaveLength(1);
  });

  it('fails where it is deleted in the last instant, and says that it is gone', async () => {
    const { ports, run } = await ready();
    ports.hooks.before = () => {
      ports.tenant = new Map();
      ports.azure.tenant.collections.delete('storage-accounts');
    };
    expect(await run()).toMatchObject({
      state: 'failed',
      reason: expect.stringMatching(/is not there any more/) as string,
    });
    expect(ports.taken()).toEqual([]);
  });

  it('does not write again after a crash between the write and the record, and the record catches up', async () => {
    const { ports, job, start, run } = await ready();
    ports.hooks.after = () => {
      throw new Crash('after the write');
    };
    await expect(run()).rejects.toThrow(Crash);
    ports.hooks.after = () => undefined;
    expect(await run()).toMatchObject({ state: 'done' });
    expect(ports.taken()).toHaveLength(1);
    const { report } = await jobNow(job.jobId, ports);
    expect(report?.before).not.toEqual(report?.after);
    expect(withoutEditTime(ports.tenant)).toEqual(withoutEditTime(asMade(apply(start, job.plan).after)));
  });

  it('does not write again where the answer to the write was lost, and can be taken back all the same', async () => {
    const { ports, job, start, run } = await ready();
    ports.azure.faults.breakOff(1, isWrite);
    expect(await run()).toMatchObject({ state: 'put-off', reason: expect.stringContaining('no answer') as string });
    ports.world.now += claimMs;
    expect(await run()).toMatchObject({ state: 'done' });
    expect(ports.taken()).toHaveLength(1);

    const undo = await undoJob(job.jobId, guid(0x0d0), ports);
    await approve(undo.job, broken, ports);
    expect(await remediate(undo.job.jobId, broken.settings, ports)).toMatchObject({ state: 'done' });
    expect(withoutEditTime(ports.tenant)).toEqual(withoutEditTime(start));
  });

  it('runs as a second job when the fault comes back the same day', async () => {
    const { ports, job, start, run } = await ready();
    await run();
    ports.tenant = start;
    ports.world.now += 5 * 60_000;
    const second = await storedJob(broken, ports, 2);
    expect(second.jobId).not.toBe(job.jobId);
    await approve(second, broken, ports);
    expect(await remediate(second.jobId, broken.settings, ports)).toMatchObject({ state: 'done' });
    expect(ports.taken()).toHaveLength(2);
  });
});

describe('Over HTTP, where the service refuses', () => {
  const named = (action: string): BrokenWorld => {
    const found = brokenWorlds.find((broken) => broken.action === action);
    if (found === undefined) throw new Error(`Nothing is broken for ${action}`);
    return found;
  };

  it('names that the tenant restricts identifier URIs: the job fails, and nothing is changed', async () => {
    const broken = named('add-privatelink-uris');
    const ports = await wiredPorts(broken);
    const identifierUris = { uriAdditionWithoutUniqueTenantIdentifier: { state: 'enabled' } };
    ports.azure.tenant.collections.set(
      'default-app-management-policy',
      new Map([['default', { id: 'default', applicationRestrictions: { identifierUris } }]]),
    );
    const start = ports.tenant;
    const { jobId } = await storedJob(broken, ports);
    expect(await remediate(jobId, broken.settings, ports)).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('400 Request_BadRequest') as string,
    });
    expect(ports.tenant).toEqual(start);
  });

  it('a consent that somebody gave in the last instant: refused, and planned anew', async () => {
    const broken = named('grant-consent');
    const ports = await wiredPorts(broken);
    const { jobId, plan } = await storedJob(broken, ports);
    ports.hooks.before = () => {
      ports.tenant = apply(ports.tenant, plan).after;
    };
    expect(await remediate(jobId, broken.settings, ports)).toMatchObject({
      state: 'refused',
      reason: expect.stringContaining('409 Request_MultipleObjectsWithSameKeyValue') as string,
    });
    expect(ports.taken()).toEqual([]);
    expect(ports.sent.work.map(({ work }) => work.kind)).toContain('plan-repair');
  });

  it('an account on which another operation is under way: comes back', async () => {
    const broken = named('allow-aes256-kerberos');
    const ports = await wiredPorts(broken);
    const job = await storedJob(broken, ports);
    await approve(job, broken, ports);
    ports.azure.faults.conflict(1, isWrite);
    expect(await remediate(job.jobId, broken.settings, ports)).toMatchObject({ state: 'put-off' });
    ports.world.now += 60_000;
    expect(await remediate(job.jobId, broken.settings, ports)).toMatchObject({ state: 'done' });
    expect(ports.taken()).toHaveLength(1);
  });
});
