import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { sampleSnapshot, scratch } from './sample-snapshot.ts';

const program = resolve(import.meta.dirname, '../../cli/main.ts');

function start(argv: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [program, ...argv], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const exit = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  return { child, exit, stderr: text(child.stderr) };
}

describe('kerbwatch as a process', () => {
  it('hands its exit code to the shell', async () => {
    const { child, exit } = start(['audit', '--snapshot', await sampleSnapshot(), '--format', 'json']);

    const stdout = await text(child.stdout);

    expect(stdout.endsWith('}\n')).toBe(true);
    expect(await exit).toEqual([1, null]);
  });

  it('does not mind a reader that stops reading', async () => {
    const { child, exit, stderr } = start(['audit', '--snapshot', await sampleSnapshot(), '--format', 'json', '--all']);

    child.stdout.destroy();

    expect(await exit).toEqual([1, null]);
    expect(await stderr).toBe('');
  });

  // Windows has no signal that a process could be sent by another: kill ends it.
  it.skipIf(process.platform === 'win32')('ends with 130 on Ctrl-C, with nothing half written', async () => {
    const asked = Promise.withResolvers<undefined>();
    const silent = createServer(() => asked.resolve(undefined)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const origin = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const place = await scratch();
    const { child, exit, stderr } = start(['audit', '--out', join(place, 'audit.txt')], {
      KERBWATCH_ARM_ENDPOINT: origin,
      KERBWATCH_GRAPH_ENDPOINT: origin,
      KERBWATCH_TOKEN: 'the-token',
      KERBWATCH_TENANT_ID: '11111111-2222-4333-8444-555555555555',
    });

    await asked.promise;
    child.kill('SIGINT');

    expect(await exit).toEqual([130, null]);
    expect(await stderr).toBe('Interrupted.\n');
    expect(await readdir(place)).toEqual([]);
    silent.closeAllConnections();
    silent.close();
  });
});
