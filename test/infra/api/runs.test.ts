import { beforeEach, describe, expect, it } from 'vitest';
import { rules } from '../../../domain/rules/index.ts';
import { ruleSettings } from '../../domain/build.ts';
import { kerberosAccount } from '../../domain/estate.ts';
import { type ApiOverMemory, apiOverMemory } from './api-over-memory.ts';

let api: ApiOverMemory;

beforeEach(async () => {
  api = apiOverMemory({
    accounts: [kerberosAccount('profiles')],
    given: {
      rules: { 'mfa-excluded': ruleSettings({ enabled: false }), 'consent-granted': ruleSettings({ severity: 'low' }) },
    },
  });
  await api.night('run-1');
  await api.night('run-2');
});

describe('GET /runs', () => {
  it('lists runs, newest first', async () => {
    const { json } = await api.ask('GET', '/runs?last=1');
    expect(json).toMatchObject({ schema: 'kerbwatch.runs/v1', runs: [{ id: 'run-2', complete: true }] });
    expect((await api.ask('GET', '/runs')).json['runs']).toHaveLength(2);
    expect((await api.ask('GET', '/runs?last=1000')).status).toBe(400);
  });

  it.each(['run-2', 'latest'])('shows %s with its counts and its ledger', async (id) => {
    const { json } = await api.ask('GET', `/runs/${id}`);
    expect(json).toMatchObject({
      schema: 'kerbwatch.run/v1',
      id: 'run-2',
      accounts: { seen: 1, inScope: 1 },
      latencyMs: { storage: { alerts: 0, stages: null }, directory: { alerts: 0, stages: null } },
    });
    expect(json['coverage']).not.toEqual([]);
  });

  it.each(['/runs/run-9', '/runs/a%2Fb', '/runs/run-9/coverage'])('%s is 404', async (path) => {
    expect((await api.ask('GET', path)).status).toBe(404);
  });
});

describe('GET /coverage', () => {
  it('is that of the last run that finished', async () => {
    const { json } = await api.ask('GET', '/coverage');
    expect(json).toMatchObject({ schema: 'kerbwatch.coverage/v1', run: 'run-2', complete: true, gaps: [] });
    expect((await api.ask('GET', '/runs/run-1/coverage')).json).toMatchObject({ run: 'run-1' });
    expect(json['coverage']).toContainEqual(expect.objectContaining({ collection: 'service-principals', gaps: [] }));
  });

  it('is 404 before any has', async () => {
    const fresh = apiOverMemory({ accounts: [] });
    expect((await fresh.ask('GET', '/coverage')).status).toBe(404);
    expect((await fresh.ask('GET', '/runs/latest')).status).toBe(404);
  });
});

describe('GET /rules', () => {
  it('tells every rule as the settings have it', async () => {
    const { json } = await api.ask('GET', '/rules');
    const listed = json['rules'] as { readonly id: string }[];
    expect(listed.map(({ id }) => id)).toEqual(rules.map(({ id }) => id));
    expect(listed).toContainEqual(expect.objectContaining({ id: 'mfa-excluded', enabled: false }));
    expect(listed).toContainEqual(expect.objectContaining({ id: 'consent-granted', enabled: true, severity: 'low' }));
  });
});
