import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compose } from '../../infra/compose.ts';
import { guid } from '../domain/build.ts';

const root = resolve(import.meta.dirname, '../..');

/** What an app needs to be composed; nothing of it is reached. */
function environment(role: string): Readonly<Record<string, string>> {
  return {
    KERBWATCH_ROLE: role,
    KERBWATCH_TENANT_ID: guid(1),
    KERBWATCH_ARM_ENDPOINT: 'http://127.0.0.1:1',
    KERBWATCH_GRAPH_ENDPOINT: 'http://127.0.0.1:1',
    KERBWATCH_TOKEN: 'none',
    AzureWebJobsStorage:
      'DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;TableEndpoint=http://127.0.0.1:1/a;BlobEndpoint=http://127.0.0.1:1/a',
    ServiceBusConnection: 'Endpoint=sb://127.0.0.1;SharedAccessKeyName=a;SharedAccessKey=b;UseDevelopmentEmulator=true',
  };
}

function sourcesUnder(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => join(folder, path).replaceAll('\\', '/'));
}

const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

describe('The app that audits', () => {
  it('has no way to carry out a job, to give one up, or to decide on one', async () => {
    const { remediator, remediationApi, close } = await compose(environment('auditor'));
    const log = { warn: () => undefined };
    const request = { method: 'GET', url: 'https://x/api/remediation/v1/jobs', headers: new Headers(), body: null };
    for (const asked of [
      () => remediator.remediate('job-1'),
      () => remediator.giveUp('job-1', 'x'),
      () => remediationApi.handle(request, log),
    ]) {
      await expect(asked()).rejects.toMatchObject({ name: 'WrongRole' });
    }
    await close();
  });

  it('has no handler that names what the remediator does', () => {
    const main = textOf('functions/main.ts');
    const auditors = /const auditor = \[([^\]]*)\]/u.exec(main)?.[1]?.match(/\w+/gu) ?? [];
    const files = auditors.map((name) => new RegExp(`import \\* as ${name} from '(.+)';`, 'u').exec(main)?.[1] ?? '');

    expect(files.length).toBeGreaterThan(5);
    expect(files.filter((file) => /\bremediat(?:or|ionApi)\b/u.test(textOf(join('functions', file))))).toEqual([]);
  });
});

describe('What writes to the tenant', () => {
  it('is made in one place, for an app that is no auditor', () => {
    const makers = ['infra', 'functions', 'domain', 'cli']
      .flatMap(sourcesUnder)
      .filter((path) => textOf(path).includes('createPlanExecutor'));

    expect(makers.sort()).toEqual(['infra/azure/plan-executor.ts', 'infra/compose.ts']);
    expect(textOf('infra/compose.ts')).toMatch(/role === 'auditor' \? null : createPlanExecutor/u);
  });

  it('is the only one that sends a changing method to Microsoft Graph', () => {
    const senders = sourcesUnder('infra/azure').filter((path) =>
      /\.send\(\s*'(?:PATCH|PUT|DELETE)'/u.test(textOf(path)),
    );

    expect(senders.filter((path) => path !== 'infra/azure/plan-executor.ts')).toEqual([]);
  });
});
