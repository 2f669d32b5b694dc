import { afterEach, describe, expect, it } from 'vitest';
import { closeServices } from '../../functions/services.ts';
import { remediate } from '../../functions/remediate.ts';
import type { RemediationJob } from '../../domain/remediation/job.ts';
import { planDigest } from '../../domain/remediation/same-plan.ts';
import { sha256 } from '../../infra/digest.ts';
import { jobEvent, type JobEvent } from '../../infra/messages/job.ts';
import { guid } from '../domain/build.ts';
import { brokenWorlds } from '../domain/remediation/broken-worlds.ts';
import { wireApplication, wirePrincipal } from '../domain/remediation/wire-objects.ts';
import { approver, jobNow, storedJob, wirePorts, type WirePorts } from '../domain/remediation/wire-ports.ts';
import { delivery, provideOver } from './services-over-memory.ts';

const safe = worldOfAction('add-missing-scopes');
const risky = worldOfAction('exclude-app-from-policy');
const approval = { by: approver, at: 0 };

function worldOfAction(action: string) {
  const found = brokenWorlds.find((one) => one.action === action);
  if (found === undefined) throw new Error(`No world lacks ${action}`);
  return found;
}

/** A job as the auditor left it, with the message that came with it, and the function that takes messages. */
async function queued(broken = safe) {
  const ports = wirePorts(broken);
  const job = await storedJob(broken, ports);
  provideOver(ports, broken.settings);
  const event = jobEvent(job, 'm1', job.approvalRequired ? approval : null);
  const deliver = async (message: unknown) => {
    const { context, lines } = delivery({ deliveryCount: 1, messageId: 'm1' });
    await remediate(message, context);
    return lines.join('\n');
  };
  return { ports, job, event, deliver };
}

async function recordApproval(
  job: RemediationJob,
  ports: WirePorts,
  over: Record<string, unknown> = {},
): Promise<void> {
  await ports.approvals.decide({
    jobId: job.jobId,
    attempt: job.attempt,
    decision: 'approved',
    by: approver,
    at: ports.now(),
    planDigest: planDigest(job.plan, sha256),
    expiresAt: job.expiresAt,
    note: null,
    ...over,
  });
  // What the API does once it is approved.
  await ports.store.jobs.move(await jobNow(job.jobId, ports), 'queued', null);
}

afterEach(async () => {
  await closeServices();
});

it('The function carries out the message that was sent', async () => {
  const { ports, event, deliver } = await queued();
  await deliver(event);

  expect(ports.writes).toHaveLength(1);
  expect(ports.sent.rejected).toEqual([]);
});

describe('A message that nobody who may has sent', () => {
  const data = (event: JobEvent, over: Record<string, unknown>) => ({ ...event, data: { ...event.data, ...over } });
  const call = (event: JobEvent, over: Record<string, unknown>) =>
    data(event, { plan: [{ ...event.data.plan[0], ...over }] });

  it.each<[string, (event: JobEvent) => unknown, RegExp]>([
    [
      'with another body in its plan',
      (event) => call(event, { body: { scope: 'Directory.ReadWrite.All' } }),
      /data.plan: not as the job is stored.*who may send/,
    ],
    [
      'with another target',
      (event) => data(event, { target: { ...event.data.target, id: guid(9) } }),
      /data.target: not as/,
    ],
    ['with a later end', (event) => data(event, { expiresAt: '2036-01-01T00:00:00.000Z' }), /data.expiresAt: not as/],
    ['of another attempt', (event) => data(event, { attempt: 7 }), /of attempt 7, and the job is in attempt 1/],
    ['of a future version', (event) => ({ ...event, type: 'kerbwatch.remediation.requested.v2' }), /of version 2/],
    ['for another tenant', (event) => data(event, { tenantId: guid(0x99) }), /of another tenant/],
    ['with an action that is none', (event) => data(event, { action: 'format-disk' }), /not an action of this version/],
    [
      'with a URL of another host',
      (event) => call(event, { url: 'https://elsewhere.example/' }),
      /plan.0.url: not a path on the endpoint/,
    ],
    [
      'with a read of another host',
      (event) => call(event, { reads: { url: '//elsewhere.example/', expect: {} } }),
      /reads.url: not a path on the endpoint/,
    ],
    [
      'of a job that was never stored',
      (event) => data(event, { jobId: 'f'.repeat(40) }),
      /No remediation job f+ is stored/,
    ],
    ['of a job whose id cannot be a key', (event) => data(event, { jobId: '../x' }), /.+/],
    ['that is no job', () => '{"specversion":"1.0"}', /type: /],
  ])(
    '%s: nothing is asked or written, it is put aside once with the reason, and counted',
    async (_, changed, reason) => {
      const { ports, job, event, deliver } = await queued();
      const asked: string[] = [];
      const { executor } = ports;
      Object.assign(ports, {
        executor: { ...executor, read: (one: never) => (asked.push('read'), executor.read(one)) },
      });

      const log = await deliver(changed(event));

      expect([ports.writes, asked]).toEqual([[], []]);
      expect(ports.sent.rejected).toEqual([
        { source: 'remediation-jobs', reason: expect.stringMatching(reason) as string },
      ]);
      expect(log).toContain('"metric":"kerbwatch.rejected"');
      // The job itself stands, for the message that was sent.
      expect((await jobNow(job.jobId, ports)).state).toBe('queued');
    },
  );
});

describe('A row of table jobs that somebody changed', () => {
  it.each([
    ['the body of its call', { body: { scope: 'Directory.ReadWrite.All' } }],
    ['its URL, to another object', { url: '/v1.0/oauth2PermissionGrants/other' }],
  ])('in %s is not carried out, though its message says the same', async (_, over) => {
    const { ports, job, deliver } = await queued();
    const plan = { ...job.plan, calls: job.plan.calls.map((one) => ({ ...one, ...over })) };
    const changed = { ...job, plan };
    const stored = await jobNow(job.jobId, ports);
    await ports.store.jobs.move({ ...stored, job: changed }, 'queued', null);

    await deliver(jobEvent(changed, 'm1', null));

    expect(ports.writes).toEqual([]);
    expect((await jobNow(job.jobId, ports)).state).toBe('refused');
    expect(ports.sent.rejected).toMatchObject([{ reason: expect.stringMatching(/facts have changed/) as unknown }]);
  });

  it('whose undo leads to another host undoes nothing', async () => {
    const { ports, job, event, deliver } = await queued();
    await deliver(event);
    const done = await jobNow(job.jobId, ports);
    const [call] = job.plan.calls;
    if (call === undefined) throw new Error('The plan has a call');
    const plan = { ...job.plan, calls: [{ ...call, undo: { ...call.undo, url: 'https://elsewhere.example/' } }] };
    await ports.store.jobs.move({ ...done, job: { ...job, plan } }, 'done', done.report);
    const undo: RemediationJob = { ...job, jobId: 'e'.repeat(40), undoOf: job.jobId };
    await ports.store.jobs.insert(undo);

    await deliver(jobEvent(undo, 'm2', null));

    expect(ports.writes).toHaveLength(1);
    expect((await jobNow(undo.jobId, ports)).state).toBe('refused');
  });
});

describe('An approval that is none', () => {
  it.each<[string, Record<string, unknown> | null, RegExp]>([
    ['none at all, whatever the message claims', null, /needs an approval, and none is recorded/],
    ['of an older plan', { planDigest: 'a'.repeat(64) }, /given for another plan/],
    ['that has expired', { expiresAt: 0 }, /approval has expired; requeue/],
    ['that turns it down', { decision: 'rejected' }, /A person rejected the plan/],
    ['of another attempt', { attempt: 2 }, /none is recorded/],
  ])('%s: the job is refused, and put aside with the reason', async (_, over, reason) => {
    const { ports, job, event, deliver } = await queued(risky);
    if (over !== null) await recordApproval(job, ports, over);
    else await ports.store.jobs.move(await jobNow(job.jobId, ports), 'queued', null);

    await deliver(event);

    expect(ports.writes).toEqual([]);
    expect(ports.sent.rejected).toMatchObject([
      { source: 'remediation-jobs', reason: expect.stringMatching(reason) as unknown },
    ]);
    expect((await jobNow(job.jobId, ports)).report?.reason).toMatch(reason);
  });

  it('by whoever asked for the job: it is refused', async () => {
    const { ports, job, deliver } = await queued(risky);
    const asked = { ...job, requestedBy: approver };
    await ports.store.jobs.move({ ...(await jobNow(job.jobId, ports)), job: asked }, 'awaiting-approval', null);
    await recordApproval(asked, ports);

    await deliver(jobEvent(asked, 'm1', approval));

    expect(ports.writes).toEqual([]);
    expect(ports.sent.rejected).toMatchObject([{ reason: expect.stringMatching(/takes another/) as unknown }]);
  });

  it('but one that is live, of another person, for this plan is enough', async () => {
    const { ports, job, event, deliver } = await queued(risky);
    await recordApproval(job, ports);
    await deliver(event);

    expect(ports.writes).toHaveLength(1);
  });
});

describe('A storage app that somebody registered to impersonate a real one', () => {
  it.each([
    [
      'beside the real one',
      (ports: WirePorts) => {
        const name = 'api://somebody';
        ports.tenant.set('/v1.0/applications/impostor', wireApplication({ id: guid(0x1d), appId: guid(0x1a) }));
        ports.tenant.set(
          '/v1.0/servicePrincipals/impostor',
          wirePrincipal({
            id: guid(0x1b),
            appId: guid(0x1a),
            servicePrincipalNames: [guid(0x1a), name, ...(wirePrincipal()['servicePrincipalNames'] as string[])],
          }),
        );
      },
    ],
    [
      'in its place, with an owner who can act as it',
      (ports: WirePorts) => {
        const { id } = wireApplication();
        ports.tenant.set(`/v1.0/applications/${String(id)}`, wireApplication({ owners: [{ id: guid(0x66) }] }));
      },
    ],
    [
      'in its place, made in another tenant',
      (ports: WirePorts) => {
        const { id } = wirePrincipal();
        ports.tenant.set(
          `/v1.0/servicePrincipals/${String(id)}`,
          wirePrincipal({ appOwnerOrganizationId: guid(0x77) }),
        );
      },
    ],
  ])('%s: nothing is written, and the job is put aside with what a person has to look at', async (_, register) => {
    const { ports, job, event, deliver } = await queued();
    register(ports);

    await deliver(event);

    expect(ports.writes).toEqual([]);
    expect((await jobNow(job.jobId, ports)).state).toBe('refused');
    const [rejected] = ports.sent.rejected;
    expect(rejected?.source).toBe('remediation-jobs');
    expect(rejected?.reason).toMatch(/facts have changed.+\. .*(app|owner|tenant)/i);
  });
});
