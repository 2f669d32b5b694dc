import { describe, expect, it } from 'vitest';
import { CallPutOff, CallRefused } from '../../../domain/remediation/call-failure.ts';
import type { PlannedCall } from '../../../domain/remediation/plan.ts';
import { GraphUnreachable } from '../../../infra/azure/graph/graph-channel.ts';
import { createPlanExecutor } from '../../../infra/azure/plan-executor.ts';
import { guid } from '../../domain/build.ts';
import { brokenWorlds } from '../../domain/remediation/broken-worlds.ts';
import { storedJob, wirePorts } from '../../domain/remediation/wire-ports.ts';

type Asked = readonly [service: 'graph' | 'arm', method: string, url: string, body: unknown];

function executorOver(answer: { status: number; body?: unknown; retryAfterMs?: number } | Error) {
  const asked: Asked[] = [];
  const service = (name: 'graph' | 'arm') => ({
    send: (method: string, url: string, body?: unknown) => {
      asked.push([name, method, url, body]);
      if (answer instanceof Error) return Promise.reject(answer);
      return Promise.resolve({ body: null, retryAfterMs: null, ...answer });
    },
  });
  return { asked, executor: createPlanExecutor({ graph: service('graph'), arm: service('arm') }) };
}

const policy = `/v1.0/identity/conditionalAccess/policies/${guid(1)}`;
const fileService = `/subscriptions/${guid(2)}/resourcegroups/files/providers/microsoft.storage/storageaccounts/profiles/fileServices/default?api-version=2025-08-01`;

function call(over: Partial<PlannedCall> = {}): PlannedCall {
  return {
    method: 'PATCH',
    url: policy,
    body: { state: 'enabled' },
    permission: 'Policy.ReadWrite.ConditionalAccess',
    reads: { url: `${policy}?$select=id,conditions`, expect: {} },
    undo: { method: 'PATCH', url: policy, body: null },
    ...over,
  };
}

const arm = { method: 'PUT', url: fileService, reads: { url: fileService, expect: {} } } as const;

describe('The plan executor', () => {
  it.each(brokenWorlds.map((broken) => [broken.action, broken] as const))(
    'makes the calls of %s, each where it belongs',
    async (_action, broken) => {
      const { plan } = await storedJob(broken, wirePorts(broken));
      const [planned] = plan.calls;
      if (planned === undefined) throw new Error('No call');
      const { asked, executor } = executorOver({ status: 200, body: { id: 'x' } });

      await executor.read(planned);
      expect(await executor.execute(planned)).toEqual({ id: 'x' });

      const service = broken.action === 'allow-aes256-kerberos' ? 'arm' : 'graph';
      expect(asked).toEqual([
        [service, 'GET', planned.reads.url, undefined],
        [service, planned.method, planned.url, planned.body],
      ]);
    },
  );

  it('deletes without a body', async () => {
    const { asked, executor } = executorOver({ status: 204 });

    expect(await executor.execute(call({ method: 'DELETE', url: '/v1.0/oauth2PermissionGrants/a_B-1' }))).toBeNull();
    expect(asked).toEqual([['graph', 'DELETE', '/v1.0/oauth2PermissionGrants/a_B-1', undefined]]);
  });

  it.each([
    ['POST', 'https://evil.example/v1.0/oauth2PermissionGrants'],
    ['POST', '//evil.example/v1.0/oauth2PermissionGrants'],
    ['POST', '/v1.0/oauth2PermissionGrants/../users'],
    ['PATCH', `/v1.0/users/${guid(1)}`],
    ['PATCH', `/beta/identity/conditionalAccess/policies/${guid(1)}`],
    ['PATCH', `${policy}/extra`],
    ['PATCH', `${policy}\n`],
    ['PATCH', `/v1.0/applications/${guid(1)}%2f..`],
    ['DELETE', policy],
    ['PUT', fileService.replace('/fileServices/default', '')],
    ['PUT', fileService.replace('microsoft.storage', 'microsoft.keyvault')],
    ['PUT', fileService.replace('/files/', '/../')],
    ['PUT', fileService.replace('/files/', '/./')],
    ['PUT', fileService.replace('/files/', '/files%2fx/')],
    ['PUT', fileService.replace('/files/', '/%2e%2e/')],
    ['PUT', fileService.replace('/files/', '/files%5Cx/')],
    ['PUT', fileService.replace(/\?.*/, '')],
    ['PUT', `${fileService}&x=1`],
    ['PATCH', fileService],
    ['POST', fileService.replace('/fileServices/default', '/regenerateKey')],
  ] as const)('sends nothing for %s %s', async (method, url) => {
    const { asked, executor } = executorOver({ status: 200 });

    await expect(executor.execute(call({ method, url }))).rejects.toThrow(CallRefused);
    expect(asked).toEqual([]);
  });

  it.each([
    [400, false],
    [401, false],
    [403, false],
    [404, false],
    [409, false],
    [409, true],
    [429, false],
    [500, false],
    [503, true],
  ])('tells an answer %i that passes from one that does not (ARM: %s)', async (status, isArm) => {
    const { executor } = executorOver({
      status,
      retryAfterMs: 7000,
      body: { error: { code: 'Some_Code', message: 'about ann@contoso.com' } },
    });

    const failure: unknown = await executor.execute(call(isArm ? arm : {})).catch((error: unknown) => error);

    const passes = status >= 429 || (status === 409 && isArm);
    expect(failure).toBeInstanceOf(passes ? CallPutOff : CallRefused);
    expect(failure).toMatchObject(passes ? { retryAfterMs: 7000, mayBeDone: status >= 500 } : { status });
    expect(String(failure)).toContain(`${String(status)} Some_Code`);
    expect(String(failure)).not.toContain('contoso');
  });

  it('does not know whether a write without an answer was made, and that a read changed nothing', async () => {
    const { executor } = executorOver(new GraphUnreachable('No answer'));

    await expect(executor.execute(call())).rejects.toMatchObject({ name: 'CallPutOff', mayBeDone: true });
    await expect(executor.read(call())).rejects.toMatchObject({ name: 'CallPutOff', mayBeDone: false });
  });
});
