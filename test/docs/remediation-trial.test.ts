import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Io } from '../../cli/io.ts';
import { run } from '../../cli/main.ts';

const root = resolve(import.meta.dirname, '../..');
const stopping = new AbortController();
let directory: string;
let ended: Promise<number>;
let printed = '';
/** What is to be typed, block by block. */
let blocks: readonly string[];

beforeAll(async () => {
  const page = await readFile(join(root, 'docs/remediation.md'), 'utf8');
  const section = /^## Try it in five minutes$.*?(?=^## )/msu.exec(page)?.[0] ?? '';
  blocks = [...section.matchAll(/^```\n(.*?)\n```$/gmsu)].map(([, block = '']) => block);
  directory = await mkdtemp(join(tmpdir(), 'kerbwatch-trial-'));
  const settings = join(directory, 'trial.json');
  const [first = ''] = blocks;
  expect(first).toMatch(/\nnpx kerbwatch local --watch --settings trial\.json$/u);
  await writeFile(settings, /<<END\n(.*)\nEND\n/su.exec(first)?.[1] ?? '');
  const write = (text: string): void => void (printed += text);
  const io: Io = { env: {}, stdout: { write }, stderr: { write }, now: Date.now, signal: stopping.signal };
  ended = run(['local', '--watch', '--settings', settings], io);
  while (!printed.includes('The security lead')) await new Promise((done) => setTimeout(done, 50));
}, 60_000);

afterAll(async () => {
  stopping.abort();
  await ended;
  await rm(directory, { recursive: true });
});

/** What a person does between the blocks: reads ids, and looks again until something is there. */
const person = `
npx() { shift; ${JSON.stringify(process.execPath)} ${JSON.stringify(join(root, 'cli/main.ts'))} "$@"; }
look() { for _ in $(seq 40); do npx kerbwatch $1 2>/dev/null | grep -q "$2" && return; sleep 0.5; done; echo "never: $1: $2"; }
`;

/** The blocks after the first, with what the person fills in, and what they wait for after each. */
function typed(): string {
  const tokens = [...printed.matchAll(/export KERBWATCH_TOKEN='([^']+)'/gu)].map(([, token = '']) => token);
  const filledIn: readonly (readonly [place: string, what: string])[] = [
    ['<the token printed for the approver>', tokens[1] ?? ''],
    ['<the token printed for the security lead>', tokens[2] ?? ''],
    ['<the id of exclude-app-from-policy>', "$(npx kerbwatch jobs list | awk '/exclude-app-from-policy/ {print $1}')"],
    ['<the digits behind --plan>', "$(npx kerbwatch jobs show $JOB | sed -n 's/.*approve .* --plan //p')"],
    ['<the id of grant-consent>', "$(npx kerbwatch jobs list --state refused | awk '/grant-consent/ {print $1}')"],
  ];
  const waits = [
    "look 'runs list' ' s  '",
    "look 'jobs list' awaiting-approval; look 'jobs list --state all' done",
    'echo "exit $?"',
    'look "jobs list --state done" exclude-app-from-policy',
    'look "jobs list --state undone" exclude-app-from-policy',
    'look "jobs list --state refused" grant-consent; npx kerbwatch jobs list --state refused',
    'look "jobs list --state all" "grant-consent.*done.*"; look "findings list --state all" "resolved.*contosoprofiles .*consent-granted"',
  ];
  const shown = blocks.slice(1).map((block, at) => `echo "== ${String(at)}"\n${block}\n${waits[at] ?? ''}`);
  const text = filledIn.reduce((all, [place, what]) => all.replaceAll(place, what), shown.join('\n'));
  const exported = printed.slice(0, printed.indexOf('npx kerbwatch audit')).match(/^ {2}export .+$/gmu) ?? [];
  return [person, ...exported, text].join('\n');
}

describe.skipIf(process.platform === 'win32')('The trial of docs/remediation.md, typed as it stands', () => {
  it(
    'shows a job that waits, is refused to the requester, runs, is undone, and is held by the kill switch',
    { timeout: 120_000 },
    async () => {
      const { stdout, stderr } = await promisify(execFile)('bash', ['--norc', '-c', typed()], {
        cwd: directory,
        env: { PATH: process.env['PATH'] },
      });
      const parts = stdout.split(/^== \d\n/mu).slice(1);

      expect(stdout).not.toContain('never: ');
      expect(parts).toHaveLength(blocks.length - 1);
      expect(stderr).toMatch(/switched its action on, cannot approve it; ask somebody else/u);
      expect(parts[2]).toMatch(/\nexit 2\n$/u);
      expect(parts[3]).toMatch(/^ {2}approval {6}approved by 8e1d4c72-/mu);
      expect(parts[5]).toMatch(/grant-consent.*refused.*switched all writes off/u);
    },
  );
});
