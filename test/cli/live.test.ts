import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createLocalAzure, type LocalAzure } from '../../infra/local/azure/server.ts';
import { loadTenant } from '../../infra/local/azure/tenant.ts';
import { sampleSubscriptions } from '../../infra/local/sample-tenant/subscriptions.ts';
import type { Environment } from '../../infra/config.ts';
import { reportIn } from './audit-report.ts';
import { kerbwatch } from './recorded-io.ts';
import { sampleSnapshot, scratch } from './sample-snapshot.ts';

const unreadable = sampleSubscriptions.find(({ readable }) => !readable)?.id ?? '';
const running: LocalAzure[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((azure) => azure.stop()));
});

/** The sample tenant behind Azure's APIs, and the environment of somebody who audits it. */
async function sampleAzure(): Promise<{ azure: LocalAzure; env: Environment }> {
  const tenant = await loadTenant(await sampleSnapshot());
  const azure = createLocalAzure({
    tenant,
    token: 'the-token',
    onEvent: () => undefined,
    clock: () => new Date(),
    newGuid: () => '00000000-0000-4000-8000-000000000001',
  });
  await azure.start();
  running.push(azure);
  const env = {
    KERBWATCH_ARM_ENDPOINT: azure.origin,
    KERBWATCH_GRAPH_ENDPOINT: azure.origin,
    KERBWATCH_TOKEN: 'the-token',
    KERBWATCH_TENANT_ID: tenant.tenantId,
    KERBWATCH_SUBSCRIPTIONS: sampleSubscriptions.map(({ id }) => id).join(','),
  };
  return { azure, env };
}

describe('audit of live Azure', () => {
  it('finds what an audit of a snapshot of it finds, the unreadable subscription among it', async () => {
    const { env } = await sampleAzure();
    const directory = join(await scratch(), 'new', 'snapshot');

    const live = await kerbwatch(['audit', '--all', '--format', 'json'], { env });
    const taken = await kerbwatch(['snapshot', '--out', directory], { env });
    const later = await kerbwatch(['audit', '--all', '--format', 'json', '--snapshot', directory]);

    const [ofLive, ofSnapshot] = [reportIn(live.stdout), reportIn(later.stdout)];
    expect(ofSnapshot.findings).toEqual(ofLive.findings);
    expect(ofSnapshot.findings.length).toBeGreaterThan(100);
    expect(ofSnapshot.verdicts).toEqual(ofLive.verdicts);
    expect(ofSnapshot.run.accounts).toEqual(ofLive.run.accounts);
    expect(ofSnapshot.run.coverage).toEqual(ofLive.run.coverage);
    expect(ofLive.run.coverage).toEqual({
      complete: false,
      gaps: [
        {
          collection: 'storage-accounts',
          scope: `/subscriptions/${unreadable}`,
          reason: 'not-visible',
          needs: 'Reader on the subscription',
        },
      ],
    });
    expect([live.code, taken.code, later.code]).toEqual([3, 3, 3]);
    expect(taken.stdout).toBe('');
    expect(taken.stderr).toContain(`storage-accounts of /subscriptions/${unreadable} (not-visible`);
    expect([ofLive.run.source, ofSnapshot.run.source]).toEqual(['live', 'snapshot']);
  });

  it('counts the requests it made, and reads each collection once', async () => {
    const { azure, env } = await sampleAzure();

    const { stdout } = await kerbwatch(['audit', '--format', 'json'], { env });

    const { resourceGraph, graph, arm } = azure.requests;
    expect(reportIn(stdout).run.requests).toEqual({ resourceGraph, graph, arm, throttled: 0 });
    expect(graph).toBeGreaterThan(4);
    expect(arm).toBe(0);
  });

  it('is exit 4 where no endpoint takes the token', async () => {
    const { env } = await sampleAzure();

    const ran = await kerbwatch(['audit'], { env: { ...env, KERBWATCH_TOKEN: 'another' } });

    expect(ran.stderr).toContain('was refused');
    expect(ran).toMatchObject({ code: 4, stdout: '' });
  });

  it('ends at once on Ctrl-C in the middle', async () => {
    const { azure, env } = await sampleAzure();
    azure.faults.latencyMilliseconds = 400;
    const interrupt = new AbortController();

    const audit = kerbwatch(['audit'], { env, signal: interrupt.signal });
    while (azure.requests.graph === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    interrupt.abort();

    expect(await audit).toEqual({ code: 130, stdout: '', stderr: 'Interrupted.\n' });
  });
});

describe('snapshot', () => {
  it('is exit 0 where all was read, and holds each collection', async () => {
    const { env } = await sampleAzure();
    const directory = await scratch();
    const readable = sampleSubscriptions.filter((subscription) => subscription.readable).map(({ id }) => id);

    const ran = await kerbwatch(['snapshot', '--out', directory], {
      env: { ...env, KERBWATCH_SUBSCRIPTIONS: readable.join(',') },
    });

    expect(ran).toEqual({ code: 0, stdout: '', stderr: `The snapshot is in ${directory}.\n` });
    expect((await readdir(directory)).sort()).toEqual([
      'applications.ndjson',
      'conditional-access-policies.ndjson',
      'manifest.json',
      'oauth2-permission-grants.ndjson',
      'private-endpoints.ndjson',
      'service-principals.ndjson',
      'storage-accounts.ndjson',
    ]);
  });

  it('leaves an earlier snapshot as it was when the sign-in is refused', async () => {
    const { env } = await sampleAzure();
    const directory = await sampleSnapshot();
    const before = await readFile(join(directory, 'manifest.json'), 'utf8');

    const ran = await kerbwatch(['snapshot', '--out', directory], { env: { ...env, KERBWATCH_TOKEN: 'another' } });

    expect(ran.code).toBe(4);
    expect(await readFile(join(directory, 'manifest.json'), 'utf8')).toBe(before);
  });

  it('says which collections of another time it left', async () => {
    const { env } = await sampleAzure();
    const directory = await scratch();
    await writeFile(join(directory, 'cloud-trusts.ndjson'), '{}\n');

    const ran = await kerbwatch(['snapshot', '--out', directory], { env });

    expect(ran.stderr).toContain('Left as they were, from another time: cloud-trusts.ndjson.');
  });

  it('refuses a place that cannot be a directory', async () => {
    const { env } = await sampleAzure();
    const file = join(await scratch(), 'file');
    await writeFile(file, 'kept');

    const ran = await kerbwatch(['snapshot', '--out', file], { env });

    expect(ran.stderr).toContain(`Cannot write ${file}`);
    expect(ran.code).toBe(2);
    expect(await readFile(file, 'utf8')).toBe('kept');
  });
});
