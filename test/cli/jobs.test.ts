import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectStorage } from '../../infra/azure/tables/connection.ts';
import { createJobStore } from '../../infra/azure/tables/job-store.ts';
import { createServiceBusBroker, type ServiceBusBroker } from '../../infra/local/service-bus/broker.ts';
import { type LocalStorage, startLocalStorage } from '../../infra/local/storage/azurite.ts';
import { serviceBusTopology, tables } from '../../infra/names.ts';
import { job } from '../infra/azure/samples.ts';
import { noCredential } from '../infra/azure/tables/stored.ts';
import { problem, servedApi } from './api/served-api.ts';
import { kerbwatch, type Ran } from './recorded-io.ts';

let storage: LocalStorage;
let broker: ServiceBusBroker;
const at = Date.now();
const alive = { createdAt: at, notBefore: at, expiresAt: at + 86_400_000 };

beforeAll(async () => {
  storage = await startLocalStorage();
  broker = createServiceBusBroker({ topology: serviceBusTopology });
  await broker.start();
  const env = { AzureWebJobsStorage: storage.connectionString };
  const jobs = createJobStore(connectStorage(env, { credential: noCredential }).table(tables.jobs));
  await jobs.insert(job({ ...alive, jobId: 'waiting-1', approvalRequired: true }));
  await jobs.insert(job({ ...alive, jobId: 'turned-1', approvalRequired: true, createdAt: at - 1 }));
}, 60_000);

afterAll(async () => {
  await broker.stop();
  await storage.stop();
});

function run(...argv: readonly string[]): Promise<Ran> {
  return kerbwatch(['jobs', ...argv], {
    env: {
      AzureWebJobsStorage: storage.connectionString,
      ServiceBusConnection: broker.connectionString,
      KERBWATCH_TENANT_ID: '00000000-0000-4000-8000-000000000001',
      KERBWATCH_SETTINGS: JSON.stringify({
        remediation: { 'grant-consent': 'approve' },
        brakes: { requesters: ['00000000-0000-4000-8000-0000000000aa'] },
      }),
    },
  });
}

async function planOf(id: string): Promise<string> {
  const { stdout } = await run('show', id, '--format', 'json');
  return (JSON.parse(stdout) as { planDigest: string }).planDigest;
}

describe('jobs list and show', () => {
  it('list what waits, the youngest first, as text and as JSON', async () => {
    const { code, stdout } = await run('list');
    expect(code).toBe(0);
    expect(stdout.indexOf('waiting-1')).toBeLessThan(stdout.indexOf('turned-1'));
    const { stdout: json } = await run('list', '--format', 'json');
    expect(JSON.parse(json)).toMatchObject({ schema: 'kerbwatch.jobs/v1', total: 2, fitting: 2 });
  });

  it('show what is written where, with which right, what helps whom, and how to decide', async () => {
    const { stdout } = await run('show', 'waiting-1');
    for (const part of [
      'POST /v1.0/oauth2PermissionGrants',
      'DelegatedPermissionGrant.ReadWrite.All',
      'all file shares of profiles',
      'Who made its apps',
      'Not looked up',
      'DELETE /v1.0/oauth2PermissionGrants/{id}',
      `kerbwatch jobs approve waiting-1 --plan ${(await planOf('waiting-1')).slice(0, 12)}`,
    ]) {
      expect(stdout).toContain(part);
    }
  });

  it('say of a job that is not there that it is not', async () => {
    expect(await run('show', 'nobody')).toMatchObject({ code: 2, stdout: '' });
  });

  it('say, where there never was one, that the first audit is a baseline', async () => {
    const empty = await startLocalStorage();
    try {
      const { stdout } = await kerbwatch(['jobs', 'list'], { env: { AzureWebJobsStorage: empty.connectionString } });
      expect(stdout).toContain('the first is a baseline');
    } finally {
      await empty.stop();
    }
    expect((await run('list')).stdout).not.toContain('baseline');
  });

  it('need no queue to look', async () => {
    const env = { AzureWebJobsStorage: storage.connectionString };
    expect((await kerbwatch(['jobs', 'list'], { env })).code).toBe(0);
    expect((await kerbwatch(['jobs', 'brakes'], { env })).stdout).toContain('kill switch  off');
  });
});

describe('jobs approve and reject', () => {
  it('take the plan that was shown, by how its digest begins, and no other', async () => {
    const digest = await planOf('waiting-1');
    const other = await run('approve', 'waiting-1', '--plan', digest.startsWith('0') ? '11111111' : '00000000');
    expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('Nothing was decided') as string });
    expect(broker.depth('remediation-jobs').active).toBe(0);

    const approved = await run('approve', 'waiting-1', '--plan', digest.slice(0, 12), '--format', 'json');
    expect(JSON.parse(approved.stdout)).toMatchObject({ state: 'queued', approval: { state: 'approved' } });
    expect(broker.depth('remediation-jobs').active).toBe(1);
  });

  it('say why where it is too short, and end the job where it is turned down', async () => {
    expect((await run('reject', 'turned-1', '--plan', 'abc')).code).toBe(2);
    const { stdout } = await run('reject', 'turned-1', '--plan', await planOf('turned-1'), '--note', 'Not now');
    expect(stdout).toContain('Not now');
    expect((await run('requeue', 'turned-1', '--format', 'json')).stdout).toContain('"attempt": 2');
  });
});

describe('jobs stop and go', () => {
  it('pull the kill switch with a reason, and take it back', async () => {
    expect((await run('stop', '--reason', 'Incident 7')).stdout).toContain('on: nothing is written');
    expect((await run('show', 'waiting-1')).stdout.replaceAll(/\s+/gu, ' ')).toContain('switched all writes off at');
    expect((await run('show', 'waiting-1')).stdout).not.toContain('Incident 7');
    expect((await run('brakes')).stdout).toContain('Incident 7');
    expect((await run('go', '--reason', 'Over')).stdout).toContain('kill switch  off');
  });
});

describe('jobs reject of a job on its way', () => {
  it('calls off what was approved, before it is written, and shows by whom and why', async () => {
    const shown = await run('show', 'waiting-1');
    expect(shown.stdout).toContain('kerbwatch jobs reject waiting-1 --plan');
    const plan = await planOf('waiting-1');
    const { code, stdout } = await run('reject', 'waiting-1', '--plan', plan, '--note', 'Second thoughts');
    expect(code).toBe(0);
    const words = stdout.replaceAll(/\s+/gu, ' ');
    for (const part of ['and called off since', 'Second thoughts']) expect(words).toContain(part);
  });
});

describe('jobs dead-letter and rejected', () => {
  it('say that nothing is there, and of what is not there that it is not', async () => {
    expect((await run('dead-letter', 'list')).stdout).toBe('Nothing is set aside there.\n');
    expect((await run('rejected', 'requeue', '7')).code).toBe(2);
  });
});

describe('KERBWATCH_REMEDIATION_API', () => {
  it('is asked in place of the store, below its own prefix', async () => {
    const api = await servedApi();
    try {
      api.answer = () => problem(409, 'It cannot be done now', 'Nothing to do.');
      const { KERBWATCH_API: address, ...env } = api.env;
      const remediation = { ...env, KERBWATCH_REMEDIATION_API: address };
      const ran = await kerbwatch(['jobs', 'undo', 'a/b'], { env: remediation });
      expect(api.sent).toMatchObject([{ method: 'POST', path: '/api/remediation/v1/jobs/a%2Fb/undo' }]);
      expect(ran).toMatchObject({ code: 2, stdout: '' });
    } finally {
      await api.stop();
    }
  });

  it.each([
    ['undo', 'x'],
    ['stop', '--reason', 'x'],
  ])('is needed for %s where the store is not of this machine', async (...argv) => {
    const env = {
      AzureWebJobsStorage:
        'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=a2V5;TableEndpoint=https://a.table.core.windows.net;BlobEndpoint=https://a.blob.core.windows.net',
    };
    const ran = await kerbwatch(['jobs', ...argv], { env });
    expect(ran).toMatchObject({ code: 2, stderr: expect.stringContaining('KERBWATCH_REMEDIATION_API') as string });
  });
});
