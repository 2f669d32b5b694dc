import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { run } from '../../cli/main.ts';
import type { Io } from '../../cli/io.ts';
import { kerbwatch } from './recorded-io.ts';

function terminal(signal: AbortSignal): { io: Io; out: () => string; err: () => string } {
  let out = '';
  let err = '';
  const io: Io = {
    env: {},
    stdout: { write: (text) => void (out += text) },
    stderr: { write: (text) => void (err += text) },
    now: Date.now,
    signal,
  };
  return { io, out: () => out, err: () => err };
}

describe('kerbwatch local', () => {
  it('tells the main job in order, as it happens, and ends with exit 0', async () => {
    const { io, out, err } = terminal(new AbortController().signal);
    const code = await run(['local', '--once'], io);

    const told = [
      'Set up:',
      'Nightly audit:',
      'can hold SMB shares',
      'Could not be read: storage-accounts of /subscriptions/',
      'One alert for all of it, signature verified',
      'Drift: an administrator switches',
      'Re-audit:',
      'critical consent-granted:',
      'critical mfa-excluded:',
      'Alert received',
      'Repair: job',
      'POST /v1.0/oauth2PermissionGrants',
      'Verified:',
      'Left for a person: mfa-excluded.',
      'Drift in the directory:',
      'Directory watch: the timer fires',
      'retailreports was warn, medium, and is fail, critical.',
      's after the switch: critical',
      'Put back: retailreports is warn, medium again.',
      'History of the account:',
      'Where to look next:',
    ].map((line) => out().indexOf(line));
    expect(err()).toBe('');
    expect(code).toBe(0);
    // The change in Azure is no proof of who did what in Entra; the repair is Kerbwatch's own, unless the scheduled watch,
    // which fires every five minutes, happens to see it first: then nobody has said yet whose it was.
    expect(out()).toMatch(/consent-granted; who did it is not known yet\n/u);
    expect(out()).toMatch(
      /resolved {2}consent-granted +(?:verification; by application [\da-f-]{36} \(proved\)|watch; .+)\n/u,
    );
    expect(told).not.toContain(-1);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
  }, 60_000);

  it('stays up with --watch, says where and what is rejected, and stops cleanly when told to', async () => {
    const controller = new AbortController();
    const { io, out, err } = terminal(controller.signal);
    const ended = run(['local', '--watch'], io);
    while (!out().includes('awaiting-approval')) await new Promise((done) => setTimeout(done, 50));
    const origin = /Functions +(http:\/\/127\.0\.0\.1:\d+)/.exec(out())?.[1] ?? '';
    const answer = await fetch(`${origin}/nothing`);
    const exported = [...out().matchAll(/export (\w+)='([^']+)'/gu)].map(([, name = '', value = '']) => [name, value]);
    const [asOperator, asApprover] = exported.filter(([name]) => name === 'KERBWATCH_TOKEN');
    const env = Object.fromEntries([...exported, asOperator ?? []]) as Record<string, string>;
    const elsewhere = await kerbwatch(['runs', 'list'], { env });
    const audited = await kerbwatch(['audit', '--format', 'json'], { env });
    const changed = await kerbwatch(['findings', 'unack', 'nothing/mfa-excluded'], { env });
    const approved = await kerbwatch(['findings', 'approve', 'w1'], {
      env: { ...env, KERBWATCH_TOKEN: asApprover?.[1] },
    });
    // What is printed to be tried does something as it stands, even before anything was audited.
    const printed = [...out().matchAll(/^ {2}npx kerbwatch (.+)$/gmu)].map(([, command = '']) => command);
    const tried = await Promise.all(printed.map((command) => kerbwatch(command.split(' '), { env })));
    const poison = JSON.stringify([{ id: 'e1', eventType: 'x', subject: 'ada.lovelace', data: 'ada.lovelace' }]);
    await fetch(`${origin}/runtime/webhooks/EventGrid?functionName=storage-account-changed`, {
      method: 'POST',
      headers: { 'aeg-event-type': 'Notification', 'content-type': 'application/json' },
      body: poison,
    });
    controller.abort();

    expect(answer.status).toBe(404);
    expect(printed.length).toBeGreaterThan(4);
    expect(printed.filter((_, at) => ![0, 1, 3].includes(tried[at]?.code ?? NaN))).toEqual([]);
    expect(elsewhere).toMatchObject({ code: 0, stderr: '' });
    expect((JSON.parse(audited.stdout) as { run: { source: string } }).run.source).toBe('live');
    // Each gets past signing in and its role, to where the API says that there is nothing of that name.
    for (const ran of [changed, approved]) {
      expect(ran).toMatchObject({ code: 2, stderr: expect.stringContaining('There is no') as unknown });
    }
    expect(err()).toMatch(/^storage-account-changed: Rejected a message of storage-account-changed: .*data.*\n$/u);
    expect(err()).not.toContain('lovelace');
    expect(await ended).toBe(0);
    await expect(fetch(`${origin}/nothing`)).rejects.toThrow();
  }, 60_000);

  it.each([
    ['--once', ['--once'], /^--settings goes with --watch alone/u],
    ['a file that is not there', [], /there is no such file/u],
    ['a file with a mistake', [], /remediation\.exclude-app-from-policy: this action never runs by itself/u],
  ])('takes no --settings with %s, and starts nothing', async (what, argv, told) => {
    const file = join(await mkdtemp(join(tmpdir(), 'kerbwatch-test-')), 'settings.json');
    if (what !== 'a file that is not there') {
      await writeFile(file, JSON.stringify({ remediation: { 'exclude-app-from-policy': 'auto' } }));
    }
    const { code, stdout, stderr } = await kerbwatch(['local', ...argv, '--settings', file]);
    await rm(dirname(file), { recursive: true });

    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(told);
  });

  it('names the port that is in use, with exit 2', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { io, err } = terminal(new AbortController().signal);
    const code = await run(['local', '--once', '--port', String(port)], io);
    server.close();

    expect(err()).toContain(String(port));
    expect(code).toBe(2);
  }, 60_000);
});
