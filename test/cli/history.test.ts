import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalStorage, startLocalStorage } from '../../infra/local/storage/azurite.ts';
import { guid } from '../domain/build.ts';
import { fileServicesOf } from '../domain/estate.ts';
import { accountIn, type FilledStore, fillStore, person } from './filled-store.ts';
import { kerbwatch, type Ran } from './recorded-io.ts';

const profiles = accountIn(2, 'profiles');
const quiet = accountIn(2, 'quiet');
const twins = [accountIn(4, 'twins'), accountIn(5, 'twins')] as const;
const moved = [accountIn(6, 'moved'), accountIn(7, 'moved')] as const;

let storage: LocalStorage;
let filled: FilledStore;
let beforeAnyAudit: Ran;

beforeAll(async () => {
  storage = await startLocalStorage();
  filled = fillStore(storage.connectionString, [profiles, quiet, ...twins, ...moved], ['quiet']);
  beforeAnyAudit = await history('profiles');
  await filled.night('run-1');
  const changed = { ...profiles, sharedKeyAllowed: !profiles.sharedKeyAllowed };
  filled.world.readings.set(profiles.key, {
    state: 'found',
    account: changed,
    fileServices: fileServicesOf([changed]),
  });
  await filled.event(profiles.id);
  await filled.store.formerKeys.record(moved[1].key, moved[0].key);
}, 60_000);

afterAll(() => storage.stop());

function history(...argv: readonly string[]): Promise<Ran> {
  return kerbwatch(['history', ...argv], { env: { AzureWebJobsStorage: storage.connectionString } });
}

interface HistoryJson {
  readonly account: { readonly id: string; readonly formerIds: readonly string[]; readonly movedTo: string | null };
  readonly entries: readonly { readonly at: string; readonly what: string }[];
}

async function json(account: string): Promise<HistoryJson> {
  return JSON.parse((await history(account, '--format', 'json')).stdout) as HistoryJson;
}

describe('kerbwatch history', () => {
  it('tells what changed, who did it and how sure that is, oldest first, in UTC', async () => {
    const { stdout, code } = await history('Profiles');
    const lines = stdout.split('\n').slice(2);

    expect(code).toBe(0);
    expect(stdout).toMatch(/^profiles {2}\/subscriptions\/.*\/storageAccounts\/profiles\n\n/u);
    expect(lines[0]).toBe('2026-11-21T12:01:00Z  who did it is not known; seen by the nightly audit run-1');
    expect(lines[1]).toBe('  consent-granted opened: open, fail, critical');
    expect(lines[2]).toBe(`2026-11-21T12:02:00Z  by user ${person} (likely); seen after an event`);
    expect(lines[3]).toMatch(/^ {2}allowSharedKeyAccess: \S+ -> (?:true|false)$/u);
    expect(lines).toHaveLength(5);
  });

  it('gives every entry in JSON, by ARM id too', async () => {
    const { account, entries } = await json(profiles.id.toUpperCase());

    expect(account).toEqual({ id: profiles.id, name: 'profiles', formerIds: [], movedTo: null });
    expect(entries.map(({ at, what }) => `${at} ${what}`)).toEqual([
      '2026-11-21T12:01:00.000Z consent-granted opened',
      '2026-11-21T12:02:00.000Z allowSharedKeyAccess',
    ]);
    expect(entries[1]).toMatchObject({ who: `user ${person}`, confidence: 'likely', finding: null, note: null });
  });

  it('says of an account that nothing has happened to it', async () => {
    expect((await history('quiet')).stdout).toMatch(/\n\nNothing has happened to it since it was first seen\.\n$/u);
  });

  it('follows an account that was moved, and says where it was', async () => {
    const { account, entries } = await json('moved');

    expect(account).toMatchObject({ id: moved[1].id, formerIds: [moved[0].key] });
    expect(entries.filter(({ what }) => what === 'consent-granted opened')).toHaveLength(2);
    expect((await history(moved[0].id)).stdout).toContain(`its history goes on at ${moved[1].key}.`);
  });

  it('asks which account is meant where two have the name', async () => {
    const ran = await history('twins');
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain(`  ${twins[0].id}\n  ${twins[1].id}`);
  });

  it.each([
    ['profile', 'Did you mean profiles?'],
    [profiles.id.slice(0, -1), `Did you mean ${profiles.key}?`],
    [guid(7), 'knows no account'],
    ['', 'Which account? Give its name or its ARM id.'],
    [' / ', 'Which account?'],
  ])('does not know %s, and says how to go on', async (typed, said) => {
    const ran = await history(typed);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain(said);
  });

  it('says of an empty store that it knows no account yet', () => {
    expect(beforeAnyAudit).toMatchObject({
      code: 2,
      stderr: 'There is no account profiles: the store knows none yet.\n',
    });
  });
});
