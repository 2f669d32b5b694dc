import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { snapshotCollections } from '../../cli/collections.ts';
import type { LocalAzure } from '../../infra/local/azure/server.ts';
import { sampleSubscriptions } from '../../infra/local/sample-tenant/subscriptions.ts';
import type { Environment } from '../../infra/config.ts';
import { reportIn } from './audit-report.ts';
import { kerbwatch } from './recorded-io.ts';
import { sampleSnapshot, scratch } from './sample-snapshot.ts';
import { serveSnapshot } from './served-snapshot.ts';

const unreadable = sampleSubscriptions.find(({ readable }) => !readable)?.id ?? '';
/** The sample tenant behind Azure's APIs, and the environment of somebody who audits it. */
async function sampleAzure(): Promise<{ azure: LocalAzure; env: Environment }> {
  const { azure, env } = await serveSnapshot(await sampleSnapshot());
  return { azure, env: { ...env, KERBWATCH_SUBSCRIPTIONS: sampleSubscriptions.map(({ id }) => id).join(',') } };
}

function isUnknown({ outcome }: { readonly outcome: string }): boolean {
  return outcome === 'unknown';
}

describe('audit of live Azure', () => {
  it('finds what an audit of a snapshot of it finds, the unreadable subscription among it', async () => {
    const { env } = await sampleAzure();
    const directory = join(await scratch(), 'new', 'snapshot');

    // Whether a name is taken can be asked of Azure alone: a snapshot that lacks a subscription cannot tell.
    const settings = join(await scratch(), 'settings.json');
    await writeFile(settings, JSON.stringify({ rules: { 'storage-app-not-orphaned': { enabled: false } } }));
    const audit = ['audit', '--all', '--format', 'json', '--settings', settings];

    const live = await kerbwatch(audit, { env });
    const taken = await kerbwatch(['snapshot', '--out', directory], { env });
    const later = await kerbwatch([...audit, '--snapshot', directory]);

    const [ofLive, ofSnapshot] = [reportIn(live.stdout), reportIn(later.stdout)];
    expect(ofSnapshot.findings).toEqual(ofLive.findings);
    expect(ofSnapshot.findings.length).toBeGreaterThan(100);
    expect(ofSnapshot.verdicts).toEqual(ofLive.verdicts);
    expect(ofSnapshot.run.accounts).toEqual(ofLive.run.accounts);
    expect(ofSnapshot.run.coverage).toEqual(ofLive.run.coverage);
    const { complete, gaps } = ofLive.run.coverage;
    const where = `/subscriptions/${unreadable}`;
    expect(complete).toBe(false);
    expect(gaps).toContainEqual({
      collection: 'storage-accounts',
      scope: where,
      reason: 'not-visible',
      needs: 'Reader on the subscription',
    });
    expect(gaps.filter(({ scope, reason }) => scope !== where || reason !== 'not-visible')).toEqual([]);
    expect([live.code, taken.code, later.code]).toEqual([3, 3, 3]);
    expect(taken.stdout).toBe('');
    expect(taken.stderr).toContain(`storage-accounts of /subscriptions/${unreadable} (not-visible`);
    expect([ofLive.run.source, ofSnapshot.run.source]).toEqual(['live', 'snapshot']);
  });

  it('counts the requests it made: each page once, and one more for each Entra Kerberos account it can see', async () => {
    const { azure, env } = await sampleAzure();

    const { stdout } = await kerbwatch(['audit', '--format', 'json'], { env });

    const { resourceGraph, graph, arm } = azure.requests;
    expect(reportIn(stdout).run.requests).toEqual({ resourceGraph, graph, arm, throttled: 0 });
    const asked = azure.requests.log.map(({ method, path }) => `${method} ${path.toLowerCase()}`);
    const pages = asked.filter((request) => request.startsWith('GET'));
    const ofFileServices = pages.filter((request) => request.includes('/fileservices/default?'));
    const kerberos = [...(azure.tenant.collections.get('file-services')?.keys() ?? [])].filter(
      (id) => !id.startsWith(`/subscriptions/${unreadable}/`),
    );
    const ofAccounts = asked.filter((request) => request.includes('/microsoft.storage/storageaccounts/'));
    expect(graph).toBeGreaterThan(4);
    expect(kerberos.length).toBeGreaterThan(40);
    expect(ofFileServices).toHaveLength(kerberos.length);
    expect(ofAccounts).toEqual(ofFileServices);
    expect(new Set(pages).size).toBe(pages.length);
  });

  it('is exit 4 where no endpoint takes the token', async () => {
    const { env } = await sampleAzure();

    const ran = await kerbwatch(['audit'], { env: { ...env, KERBWATCH_TOKEN: 'another' } });

    expect(ran.stderr).toContain('was refused');
    expect(ran).toMatchObject({ code: 4, stdout: '' });
  });

  it('goes on without a permission, and says which rules that leaves unknown and what would mend it', async () => {
    const { azure, env } = await sampleAzure();
    const whole = await kerbwatch(['audit', '--format', 'json'], { env });
    azure.faults.forbid('conditional-access-policies');

    const ran = await kerbwatch(['audit', '--format', 'json'], { env });

    const { findings, run } = reportIn(ran.stdout);
    const before = new Set(
      reportIn(whole.stdout)
        .findings.filter(isUnknown)
        .map(({ id }) => id),
    );
    const unknown = new Set(
      findings.filter((found) => isUnknown(found) && !before.has(found.id)).map(({ rule }) => rule),
    );
    const [line = ''] = ran.stderr.split('\n').filter((text) => text.startsWith('Policy.Read.All is missing'));
    expect(ran.code).toBe(3);
    expect(run.coverage.gaps).toContainEqual(
      expect.objectContaining({ needs: 'Policy.Read.All', reason: 'forbidden' }),
    );
    expect(unknown).toContain('mfa-excluded');
    expect([...unknown].filter((rule) => !line.includes(rule))).toEqual([]);
    expect(line).toMatch(/ unknown\. Use a token that has it\.$/u);
    expect(ran.stderr).toMatch(/^Reader on \/subscriptions\/.* is missing: accounts there are not judged at all/mu);
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
    expect((await readdir(directory)).sort()).toEqual(
      ['manifest.json', ...snapshotCollections.map((name) => `${name}.ndjson`)].sort(),
    );
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
