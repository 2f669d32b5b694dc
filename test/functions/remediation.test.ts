import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { switchDirectoryService } from '../../cli/story/administrator.ts';
import type { JobStore, StoredJob } from '../../domain/audit/ports.ts';
import type { WireObject } from '../../infra/estate-source.ts';
import { approveJob } from '../../domain/remediation/approval.ts';
import { planDigest } from '../../domain/remediation/same-plan.ts';
import { undoJob } from '../../domain/remediation/undo-job.ts';
import { connectServiceBus, type ServiceBusConnection } from '../../infra/azure/service-bus/connection.ts';
import { createMessages } from '../../infra/azure/service-bus/messages.ts';
import { parseConditionalAccessPolicy } from '../../infra/wire/conditional-access-policy.ts';
import { sha256 } from '../../infra/digest.ts';
import type { EmbeddedCloud } from '../../infra/local/embedded-cloud.ts';
import { guid, settings } from '../domain/build.ts';
import { eventually, startTestCloud, type TestCloud } from '../support/embedded-cloud.ts';

const person = guid(0xa9);
const approver = guid(0xaa);
let test: TestCloud;
let cloud: EmbeddedCloud;
let broker: ServiceBusConnection;

beforeAll(async () => {
  test = await startTestCloud({
    remediation: {
      'grant-consent': 'auto',
      'assignment-not-required': 'auto',
      'exclude-app-from-policy': 'approve',
      'allow-aes256-kerberos': 'approve',
    },
  });
  ({ cloud } = test);
  broker = connectServiceBus(
    { ServiceBusConnection: cloud.broker.connectionString },
    { credential: () => Promise.reject(new Error('no credential')) as never },
  );
  await cloud.host.runTimer('nightly-audit');
  await eventually('the baseline', async () => {
    const [run] = await cloud.store.runs.latest(1);
    return typeof run?.finishedAt === 'number' ? run : null;
  });
});
afterAll(async () => {
  await broker.close();
  await test.stop();
});

function ports() {
  const { jobs, approvals, requests, records } = cloud.store;
  const messages = createMessages(broker, cloud.azure.tenant.tenantId);
  const policy = async (id: string) => {
    const object = await ask('GET', `/v1.0/identity/conditionalAccess/policies/${id}`);
    return { policy: parseConditionalAccessPolicy(object), readAt: Date.now() };
  };
  const stores = { jobs: jobs satisfies JobStore, approvals, requests, records };
  return { ...stores, messages, policy, now: Date.now, digest: sha256 };
}

async function approve({ job }: StoredJob): Promise<void> {
  const decision = { jobId: job.jobId, planDigest: planDigest(job.plan, sha256), by: approver, note: null };
  expect(await approveJob(decision, settings(), ports())).toMatchObject({ outcome: 'approved' });
}

function named(collection: 'storage-accounts' | 'service-principals', is: (one: WireObject) => boolean): WireObject {
  const found = [...(cloud.azure.tenant.collections.get(collection)?.values() ?? [])].find(is);
  if (found === undefined) throw new Error(`Nothing of ${collection} is so`);
  return found;
}

function idOf(name: string): string {
  return String(named('storage-accounts', (one) => one['name'] === name)['id']);
}

/** Asks the endpoint as an administrator. */
async function ask(method: string, path: string, body?: unknown): Promise<WireObject> {
  const answer = await fetch(`${cloud.azure.origin}${path}`, {
    method,
    headers: { authorization: `Bearer ${cloud.administratorToken}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path} answered ${String(answer.status)}`);
  return answer.status === 204 ? {} : ((await answer.json()) as WireObject);
}

/** The job of an action for an account that is in a state; the newest. */
async function job(action: string, accountId: string, state: string): Promise<StoredJob> {
  return eventually(`a job of ${action} that is ${state}`, async () => {
    const all = await Array.fromAsync(cloud.store.jobs.list());
    return all
      .filter(({ job: one, state: now }) => one.plan.action === action && now === state && one.undoOf === undefined)
      .filter(({ job: one }) => one.accounts.some(({ id }) => id.toLowerCase() === accountId.toLowerCase()))
      .sort((a, b) => b.job.createdAt - a.job.createdAt)[0];
  });
}

async function told(accountId: string, rule: string, kind: string): Promise<unknown> {
  return eventually(`${rule} ${kind}`, async () =>
    (await cloud.store.history.of(accountId.toLowerCase())).find((one) => one.rule === rule && one.kind === kind),
  );
}

async function judged(accountId: string, rule: string, outcome: string): Promise<unknown> {
  return eventually(`${rule} ${outcome}`, async () => {
    const [stored] = await cloud.store.findings.find(`${accountId.split('/').at(-1) ?? ''}/${rule}`);
    return stored?.finding.outcome === outcome ? stored : null;
  });
}

async function undone(done: StoredJob): Promise<void> {
  const undo = await undoJob(done.job.jobId, person, ports());
  if (undo.state === 'awaiting-approval') await approve(undo);
  await eventually('the undo', async () => {
    const now = await cloud.store.jobs.find(done.job.jobId);
    return now?.state === 'undone' ? now : null;
  });
}

describe('On the embedded cloud', () => {
  it('a demanded assignment is found, mended at once, verified, taken back, and found again', async () => {
    const id = idOf('contosoprofiles');
    const principal = named('service-principals', ({ displayName }) =>
      String(displayName).includes('contosoprofiles.file.'),
    );
    await ask('PATCH', `/v1.0/servicePrincipals/${String(principal['id'])}`, { appRoleAssignmentRequired: true });
    await cloud.host.runTimer('nightly-audit');

    const done = await job('assignment-not-required', id, 'done');
    expect(done.report).toMatchObject({
      before: { appRoleAssignmentRequired: true },
      after: { appRoleAssignmentRequired: false },
    });
    await told(id, 'app-assignment-not-required', 'resolved');

    await undone(done);
    await told(id, 'app-assignment-not-required', 'reopened');
  });

  it('refused AES-256 is found, mended once a person approved it, verified, taken back, and found again', async () => {
    const id = idOf('contosoprofiles');
    const path = `${id}/fileServices/default?api-version=2025-08-01`;
    const { properties } = await ask('GET', path);
    const smb = { kerberosTicketEncryption: 'RC4-HMAC', authenticationMethods: 'NTLMv2;Kerberos' };
    const weak = { ...(properties as WireObject), protocolSettings: { smb } };
    await ask('PUT', path, { properties: weak });

    await approve(await job('allow-aes256-kerberos', id, 'awaiting-approval'));
    const done = await job('allow-aes256-kerberos', id, 'done');
    expect((await ask('GET', path))['properties']).toEqual({
      ...weak,
      protocolSettings: { smb: { ...smb, kerberosTicketEncryption: 'RC4-HMAC;AES-256' } },
    });
    await told(id, 'kerberos-aes256-allowed', 'resolved');

    await undone(done);
    expect((await ask('GET', path))['properties']).toEqual(weak);
    await told(id, 'kerberos-aes256-allowed', 'reopened');
  });

  it('a policy that reaches a new app is found, mended once a person approved it, verified, taken back, and found again', async () => {
    const id = idOf('contosoprofiles');
    await switchDirectoryService(cloud, id, 'None');
    await switchDirectoryService(cloud, id, 'AADKERB');

    const waiting = await job('exclude-app-from-policy', id, 'awaiting-approval');
    const path = `/v1.0/identity/conditionalAccess/policies/${waiting.job.plan.target.id}`;
    const before = await ask('GET', path);
    await approve(waiting);
    const done = await job('exclude-app-from-policy', id, 'done');
    expect(await ask('GET', path)).not.toEqual(before);
    // Policies that only report for now are left, which warn.
    await judged(id, 'mfa-excluded', 'warn');

    await undone(done);
    expect((await ask('GET', path))['conditions']).toEqual(before['conditions']);
    await judged(id, 'mfa-excluded', 'fail');
  });
});
