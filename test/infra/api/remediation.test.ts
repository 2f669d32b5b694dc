import { beforeEach, describe, expect, it } from 'vitest';
import { noBrakes } from '../../../domain/remediation/brakes.ts';
import type { RemediationJob } from '../../../domain/remediation/job.ts';
import { planDigest } from '../../../domain/remediation/same-plan.ts';
import type { SetAside, SetAsideContent } from '../../../domain/remediation/set-aside.ts';
import { sha256 } from '../../../infra/digest.ts';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { controls, guid, now, policy, users } from '../../domain/build.ts';
import { job as sample } from '../azure/samples.ts';
import { remediationOpenApi } from './described.ts';
import { people, type Person, type RemediationOverMemory, remediationOverMemory } from './remediation-over-memory.ts';

const kept = guid(0x201);
const added = guid(0x202);
const modifiedDateTime = '2026-11-01T08:00:00Z';
const alive = { createdAt: now, notBefore: now, expiresAt: now + 86_400_000 };

/** A job that excludes the app of `profiles` from `policy()`. */
function exclusion(changes: Partial<RemediationJob> = {}): RemediationJob {
  const { id } = policy();
  return sample({
    ...alive,
    jobId: 'exclusion-1',
    rule: 'mfa-excluded',
    findings: [{ id: 'profiles/mfa-excluded', episode: 1 }],
    approvalRequired: true,
    plan: {
      action: 'exclude-app-from-policy',
      risk: 'weakens-security',
      target: { type: 'conditionalAccessPolicy', id: id ?? '', name: 'Require MFA for all users' },
      calls: [
        {
          method: 'PATCH',
          url: `/v1.0/identity/conditionalAccess/policies/${id ?? ''}`,
          body: { conditions: { applications: { excludeApplications: [kept, added] } } },
          permission: 'Policy.ReadWrite.ConditionalAccess',
          reads: { url: '/v1.0/x', expect: { '/modifiedDateTime': modifiedDateTime } },
          undo: { method: 'PATCH', url: '/v1.0/x', body: { conditions: {} } },
          before: { excludeApplications: [kept] },
          after: { excludeApplications: [kept, added] },
        },
      ],
    },
    ...changes,
  });
}

const digest = planDigest(exclusion().plan, sha256);

let api: RemediationOverMemory;

beforeEach(async () => {
  api = remediationOverMemory();
  await api.memory.jobs.insert(exclusion());
});

describe('The OpenAPI document of the remediator', () => {
  it('is committed as the code has it, and answered', async () => {
    const committed = readFileSync(resolve(import.meta.dirname, '../../../docs/api/remediation-openapi.json'), 'utf8');
    expect(JSON.parse(committed)).toEqual(remediationOpenApi);
    expect((await api.ask('GET', '/openapi.json', { as: 'reader' })).json).toEqual(remediationOpenApi);
  });

  it('holds the schemas it refers to and no other', () => {
    const text = JSON.stringify(remediationOpenApi);
    const referred = [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/gu)].map(([, name]) => name);
    expect([...new Set(referred)].sort()).toEqual(Object.keys(remediationOpenApi.components.schemas).sort());
  });
});

describe('Who may do what', () => {
  const changes: readonly (readonly [string, string, object | undefined])[] = [
    ['POST', '/jobs/exclusion-1/approval', { planDigest: digest }],
    ['POST', '/jobs/exclusion-1/rejection', { planDigest: digest }],
    ['POST', '/jobs/exclusion-1/requeue', undefined],
    ['POST', '/jobs/exclusion-1/undo', undefined],
    ['PUT', '/brakes/kill-switch', { on: true, reason: 'x' }],
    ['DELETE', '/brakes/stopped/grant-consent', undefined],
    ['POST', '/dead-letters/audit-work/1/requeue', undefined],
    ['POST', '/rejected/1/requeue', undefined],
  ];

  it.each(['reader', 'writer'] as const)('%s changes nothing', async (as: Person) => {
    for (const [method, path, body] of changes) {
      const answer = await api.ask(method, path, { as, ...(body === undefined ? {} : { body }) });
      expect([path, answer.status]).toEqual([path, 403]);
    }
    expect(await api.memory.jobs.find('exclusion-1')).toMatchObject({ state: 'awaiting-approval' });
    expect(api.memory.braked().killSwitch).toBeNull();
    expect(api.memory.sent.jobs).toEqual([]);
  });

  it.each<[Person, number]>([
    ['reader', 200],
    ['approver', 200],
    ['writer', 403],
  ])('%s who looks gets %d', async (as, status) => {
    for (const path of ['/jobs', '/jobs/exclusion-1', '/metrics', '/tasks', '/brakes', '/dead-letters', '/rejected']) {
      expect([path, (await api.ask('GET', path, { as })).status]).toEqual([path, status]);
    }
  });
});

describe('GET /jobs/{job}', () => {
  it('shows which lists change how, on which object, with which permission', async () => {
    const { json } = await api.ask('GET', '/jobs/exclusion-1');
    expect(json).toMatchObject({
      schema: 'kerbwatch.job/v1',
      planDigest: digest,
      risk: 'weakens-security',
      target: { name: 'Require MFA for all users' },
      accounts: [{ name: 'profiles' }],
      approval: { state: 'waiting', by: null },
      plan: [
        {
          method: 'PATCH',
          permission: 'Policy.ReadWrite.ConditionalAccess',
          changes: [{ kind: 'list', member: 'excludeApplications', kept: [kept], added: [added], removed: [] }],
        },
      ],
    });
  });

  it('says whom the policy is for and what it still protects', async () => {
    const seen = policy({
      users: users({ includeUsers: ['All'], excludeGroups: [guid(0x301)] }),
      grantControls: controls({ builtInControls: ['mfa'] }),
      asRead: { applications: {}, modifiedDateTime },
    });
    api = remediationOverMemory({}, { policy: () => Promise.resolve({ policy: seen, readAt: now }) });
    await api.memory.jobs.insert(exclusion());
    const { json } = await api.ask('GET', '/jobs/exclusion-1');
    expect(json).toMatchObject({
      effect: {
        policy: {
          known: true,
          users: `all users; but for 1 group (${guid(0x301)})`,
          resources: 'all resources',
          demands: 'multifactor authentication',
          gives: [expect.stringContaining(added) as string, expect.any(String) as string],
          keeps: [expect.stringContaining('but for 2 apps that it excludes then') as string],
        },
      },
    });
  });

  it.each([
    ['cannot be read', null, 'could not be read'],
    ['was edited since', { modifiedDateTime: '2026-11-02T08:00:00Z' }, 'not read in the edition'],
  ])('does not guess at a policy that %s', async (_, edit, why) => {
    const seen = edit === null ? null : { policy: policy({ asRead: { applications: {}, ...edit } }), readAt: now };
    api = remediationOverMemory({}, { policy: () => Promise.resolve(seen) });
    await api.memory.jobs.insert(exclusion());
    const { json } = await api.ask('GET', '/jobs/exclusion-1');
    expect(json['effect']).toMatchObject({ policy: { known: false, why: expect.stringContaining(why) as string } });
  });

  it('says who made the apps that it is for, or that it is not known', async () => {
    const app = { appId: guid(0x9), displayName: 'Files' };
    const by = { kind: 'user', objectId: guid(0x8), userPrincipalName: null } as const;
    const makers = [
      { ...app, maker: { kind: 'provider' } },
      { ...app, maker: { kind: 'somebody', by, at: now } },
      { ...app, maker: { kind: 'not-yet', why: 'No record yet' } },
    ] as const;
    api = remediationOverMemory({}, { makers: () => Promise.resolve(makers) });
    await api.memory.jobs.insert(exclusion());

    expect((await api.ask('GET', '/jobs/exclusion-1')).json['apps']).toMatchObject([
      { ...app, maker: 'provider' },
      { ...app, maker: 'somebody', says: expect.stringContaining(`user ${guid(0x8)}`) as string },
      { ...app, maker: 'unknown', says: expect.stringContaining('No record yet') as string },
    ]);
  });

  it('names the brake that holds it, and takes one that cannot be read for on', async () => {
    await api.ask('PUT', '/brakes/kill-switch', { body: { on: true, reason: 'Incident 7' } });
    expect((await api.ask('GET', '/jobs/exclusion-1')).json['held']).toEqual([
      expect.stringMatching(/^\S+ switched all writes off at \S+$/u) as string,
    ]);
    const unreadable = { read: () => Promise.reject(new Error('no')), replace: () => Promise.resolve(false) };
    api = remediationOverMemory({}, { brakes: unreadable });
    await api.memory.jobs.insert(exclusion());
    expect((await api.ask('GET', '/jobs/exclusion-1')).json['held']).toEqual([
      'The brakes cannot be read, which counts as on',
    ]);
  });

  it.each(['nobody', 'a%2Fb', '%00', '..'])('%s is 404', async (id) => {
    expect((await api.ask('GET', `/jobs/${id}`)).status).toBe(404);
  });
});

describe('A job that is named by how its id begins', () => {
  const id = '8f0665ad'.padEnd(40, '1');

  it('is that job for 8 digits or more, to look at it and to decide on it', async () => {
    await api.memory.jobs.insert(exclusion({ jobId: id }));

    expect((await api.ask('GET', '/jobs/8f0665ad')).json).toMatchObject({ id });
    expect((await api.ask('GET', '/jobs/8f0665a')).status).toBe(404);
    const approved = await api.ask('POST', '/jobs/8f0665ad/approval', { body: { planDigest: digest } });
    expect(approved.json).toMatchObject({ id, state: 'queued' });
  });

  it('is none where two begin so, and the answer says that', async () => {
    await api.memory.jobs.insert(exclusion({ jobId: id }));
    await api.memory.jobs.insert(exclusion({ jobId: '8f0665ad'.padEnd(40, '2') }));
    const { status, json } = await api.ask('GET', '/jobs/8f0665ad');

    expect(status).toBe(404);
    expect(JSON.stringify(json)).toContain('2 jobs begin with 8f0665ad');
  });
});

describe('POST /jobs/{job}/approval', () => {
  it('approves the plan that was shown in the name of the caller, and queues the job', async () => {
    const answer = await api.ask('POST', '/jobs/exclusion-1/approval', { body: { planDigest: digest, note: ' ok ' } });
    expect(answer).toMatchObject({
      status: 200,
      json: { state: 'queued', approval: { state: 'approved', by: people.approver.objectId, note: 'ok' } },
    });
    expect(api.memory.sent.jobs.map(({ jobId }) => jobId)).toEqual(['exclusion-1']);
  });

  it('is not for another plan, nor for a version that is stale, and then nothing is queued', async () => {
    const { etag } = await api.ask('GET', '/jobs/exclusion-1');
    const other = await api.ask('POST', '/jobs/exclusion-1/approval', { body: { planDigest: sha256('other') } });
    const stale = await api.ask('POST', '/jobs/exclusion-1/approval', { body: { planDigest: digest }, ifMatch: '"x"' });
    expect([other.status, stale.status, api.memory.sent.jobs]).toEqual([412, 412, []]);
    const fresh = { body: { planDigest: digest }, ifMatch: etag ?? '' };
    expect((await api.ask('POST', '/jobs/exclusion-1/approval', fresh)).status).toBe(200);
  });

  it('is not for whoever asked for the job, nor for whoever switched the action on', async () => {
    await api.memory.jobs.insert(exclusion({ jobId: 'own', requestedBy: people.approver.objectId }));
    expect(await api.ask('POST', '/jobs/own/approval', { body: { planDigest: digest } })).toMatchObject({
      status: 409,
    });
    expect((await api.ask('POST', '/jobs/own/approval', { as: 'other', body: { planDigest: digest } })).status).toBe(
      200,
    );
  });

  it('is decided once', async () => {
    await api.ask('POST', '/jobs/exclusion-1/rejection', { body: { planDigest: digest, note: 'No.' } });
    const late = await api.ask('POST', '/jobs/exclusion-1/approval', { as: 'other', body: { planDigest: digest } });
    expect([late.status, api.memory.sent.jobs]).toEqual([409, []]);
    expect((await api.ask('GET', '/jobs/exclusion-1')).json).toMatchObject({
      state: 'refused',
      approval: { state: 'rejected', note: 'No.' },
    });
  });

  it('is called off after it was approved, and says by whom and why', async () => {
    await api.ask('POST', '/jobs/exclusion-1/approval', { body: { planDigest: digest } });
    const off = { as: 'other', body: { planDigest: digest, note: 'Not today' } } as const;
    const { status, json } = await api.ask('POST', '/jobs/exclusion-1/rejection', off);

    expect(status).toBe(200);
    expect(json).toMatchObject({
      state: 'refused',
      approval: {
        state: 'called-off',
        by: people.approver.objectId,
        calledOff: { by: people.other.objectId, note: 'Not today' },
      },
    });
  });
});

describe('An approval that is refused', () => {
  it('is recorded with who asked, for which job, and why', async () => {
    const records: string[] = [];
    const recording = remediationOverMemory({}, { recordRefusal: (text) => records.push(text) });
    await recording.memory.jobs.insert(exclusion({ requestedBy: people.approver.objectId }));
    await recording.ask('POST', '/jobs/exclusion-1/approval', { as: 'reader', body: { planDigest: digest } });
    await recording.ask('POST', '/jobs/exclusion-1/approval', { body: { planDigest: digest } });
    await recording.ask('POST', '/jobs/exclusion-1/approval', { as: 'other', body: { planDigest: sha256('older') } });
    await recording.ask('GET', '/jobs/exclusion-1', { as: 'writer' });

    expect(records).toEqual([
      expect.stringMatching(new RegExp(`exclusion-1/approval to ${people.reader.objectId}: 403 .*Remediation.Approve`)),
      expect.stringMatching(new RegExp(`exclusion-1/approval to ${people.approver.objectId}: 409 `)),
      expect.stringMatching(new RegExp(`exclusion-1/approval to ${people.other.objectId}: 412 `)),
    ]);
    expect(await recording.memory.jobs.find('exclusion-1')).toMatchObject({ state: 'awaiting-approval' });
    expect(recording.memory.sent.jobs).toEqual([]);
  });
});

describe('POST /jobs/{job}/requeue', () => {
  async function ended(state: 'failed' | 'done' | 'running', job: Partial<RemediationJob> = {}): Promise<void> {
    await api.memory.jobs.insert(sample({ ...alive, jobId: 'grant-1', ...job }));
    const stored = await api.memory.jobs.find('grant-1');
    if (stored !== null) await api.memory.jobs.move(stored, state, null);
  }

  it('makes a new attempt of a job that failed, which is queued; the old one stays as it was', async () => {
    await ended('failed');
    const { json } = await api.ask('POST', '/jobs/grant-1/requeue');
    expect(json).toMatchObject({
      attempt: 2,
      state: 'queued',
      correlationId: 'grant-1',
      requestedBy: people.approver.objectId,
    });
    expect(json['id']).not.toBe('grant-1');
    expect(api.memory.sent.jobs.map(({ attempt }) => attempt)).toEqual([2]);
    expect(await api.memory.jobs.find('grant-1')).toMatchObject({ state: 'failed' });
    expect((await api.ask('POST', '/jobs/grant-1/requeue')).status).toBe(409);
  });

  it('has a job that needs an approval wait for one, of somebody else', async () => {
    await ended('failed', exclusion({ jobId: 'grant-1' }));
    const { json } = await api.ask('POST', '/jobs/grant-1/requeue');
    expect([json['state'], api.memory.sent.jobs]).toEqual(['awaiting-approval', []]);
    const path = `/jobs/${String(json['id'])}/approval`;
    expect((await api.ask('POST', path, { body: { planDigest: digest } })).status).toBe(409);
    expect((await api.ask('POST', path, { as: 'other', body: { planDigest: digest } })).status).toBe(200);
  });

  it.each(['done', 'running'] as const)('is not for a job that is %s', async (state) => {
    await ended(state);
    expect((await api.ask('POST', '/jobs/grant-1/requeue')).status).toBe(409);
    expect(api.memory.sent.jobs).toEqual([]);
  });

  it('is not for an action that is switched off', async () => {
    api = remediationOverMemory({ remediation: { 'grant-consent': 'off' } });
    await ended('failed');
    expect((await api.ask('POST', '/jobs/grant-1/requeue')).status).toBe(409);
  });
});

describe('An application', () => {
  it.each([
    ['POST', '/jobs/exclusion-1/approval', { planDigest: digest }],
    ['POST', '/jobs/exclusion-1/rejection', { planDigest: digest }],
    ['POST', '/jobs/exclusion-1/undo', undefined],
    ['DELETE', '/brakes/stopped/grant-consent', undefined],
  ])('decides nothing, whatever its roles: %s %s', async (method, path, body) => {
    const answer = await api.ask(method, path, { as: 'app', ...(body && { body }) });

    expect(answer.status).toBe(403);
    expect(answer.json['detail']).toContain('sign in as a person');
    expect(await api.memory.approvals.find('exclusion-1', 1)).toBeNull();
  });
});

describe('The kill switch and stopped actions', () => {
  it('is switched by a named person with a reason, and back', async () => {
    const on = await api.ask('PUT', '/brakes/kill-switch', { body: { on: true, reason: 'Incident' } });
    expect(on.json).toMatchObject({
      killSwitch: { on: true, by: people.approver.objectId, reason: 'Incident', inSettings: false },
    });
    const off = await api.ask('PUT', '/brakes/kill-switch', { body: { on: false, reason: 'Over' } });
    expect(off.json).toMatchObject({ killSwitch: { on: false } });
    expect((await api.ask('PUT', '/brakes/kill-switch', { body: { on: true, reason: ' ' } })).status).toBe(400);
    const steering = { on: true, reason: '\u001B[2J' };
    expect((await api.ask('PUT', '/brakes/kill-switch', { body: steering })).status).toBe(400);
  });

  it('keeps on record who pulled it and who let go of it', async () => {
    await api.ask('PUT', '/brakes/kill-switch', { body: { on: true, reason: 'Incident' }, as: 'other' });
    const { json } = await api.ask('PUT', '/brakes/kill-switch', { body: { on: false, reason: 'Over' } });

    expect(json['acts']).toMatchObject([
      { what: 'go', by: people.approver.objectId, reason: 'Over' },
      { what: 'stop', by: people.other.objectId, reason: 'Incident' },
    ]);
  });

  it('may be pulled by an application, and is let go of by a person', async () => {
    const pull = (on: boolean) => api.ask('PUT', '/brakes/kill-switch', { body: { on, reason: 'x' }, as: 'app' });

    expect((await pull(true)).status).toBe(200);
    expect((await pull(false)).status).toBe(403);
    expect((await api.ask('GET', '/brakes')).json).toMatchObject({ killSwitch: { on: true } });
  });

  it('of the settings stays on whatever is asked', async () => {
    const { brakes } = (await import('../../domain/build.ts')).settings();
    api = remediationOverMemory({ brakes: { ...brakes, killSwitch: true } });
    const { json } = await api.ask('PUT', '/brakes/kill-switch', { body: { on: false, reason: 'x' } });
    expect(json).toMatchObject({ killSwitch: { on: true, inSettings: true } });
  });

  it('an action that is stopped is released once', async () => {
    const stopped = { at: now, reason: 'x', jobIds: ['grant-1'] };
    await api.memory.brakes.replace(
      { ...noBrakes, actions: { 'grant-consent': { failures: ['a'], stopped, counted: [] } } },
      null,
    );
    expect((await api.ask('GET', '/brakes')).json).toMatchObject({ stopped: [{ action: 'grant-consent' }] });
    expect((await api.ask('DELETE', '/brakes/stopped/grant-consent')).json).toMatchObject({ stopped: [] });
    expect((await api.ask('DELETE', '/brakes/stopped/grant-consent')).status).toBe(409);
    expect((await api.ask('DELETE', '/brakes/stopped/constructor')).status).toBe(409);
  });
});

describe('What was set aside', () => {
  function holding(content: SetAsideContent): { readonly setAside: SetAside; readonly removed: string[] } {
    const removed: string[] = [];
    const message = {
      queue: 'rejected',
      number: '7',
      reason: 'r',
      source: 's',
      at: now,
      jobId: null,
      accountId: null,
    } as const;
    return {
      removed,
      setAside: {
        list: (queue) => Promise.resolve(queue === 'rejected' ? [message] : []),
        take: async (_queue, number, resend) => {
          if (number !== message.number) return false;
          await resend(message, content);
          removed.push(number);
          return true;
        },
      },
    };
  }

  it('is listed with reason and source, and without what it held', async () => {
    const { setAside } = holding({ kind: 'none', why: 'x' });
    api = remediationOverMemory({}, { setAside });
    expect((await api.ask('GET', '/rejected', { as: 'reader' })).json['messages']).toEqual([
      expect.objectContaining({ message: '7', reason: 'r', source: 's' }),
    ]);
    expect((await api.ask('GET', '/dead-letters', { as: 'reader' })).json['messages']).toEqual([]);
  });

  it('is removed once work went in its place, under an id that is the same when asked again', async () => {
    const work = { kind: 'shard', runId: 'run-1', shard: 3 } as const;
    const held = holding({ kind: 'work', work });
    api = remediationOverMemory({}, { setAside: held.setAside });
    const { json } = await api.ask('POST', '/rejected/7/requeue');
    await api.ask('POST', '/rejected/7/requeue');
    const [first, again] = api.memory.sent.work;
    expect(first).toMatchObject({ messageId: json['messageId'], work });
    expect(again?.messageId).toBe(first?.messageId);
    expect(held.removed).toEqual(['7', '7']);
  });

  it('stays where nothing can go in its place', async () => {
    for (const content of [
      { kind: 'none', why: 'It can never be processed' },
      { kind: 'job', jobId: 'nobody' },
    ] as const) {
      const held = holding(content);
      api = remediationOverMemory({}, { setAside: held.setAside });
      expect((await api.ask('POST', '/rejected/7/requeue')).status).toBe(409);
      expect([held.removed, api.memory.sent.work, api.memory.sent.jobs]).toEqual([[], [], []]);
    }
  });

  it('of no such number or queue is 404', async () => {
    api = remediationOverMemory({}, { setAside: holding({ kind: 'none', why: 'x' }).setAside });
    expect((await api.ask('POST', '/rejected/8/requeue')).status).toBe(404);
    expect((await api.ask('POST', '/dead-letters/drift-alerts/7/requeue')).status).toBe(404);
  });
});

describe('GET /metrics', () => {
  it('counts by action what became of jobs, and why they were refused', async () => {
    await api.ask('POST', '/jobs/exclusion-1/rejection', { body: { planDigest: digest } });
    await api.memory.jobs.insert(sample({ ...alive, jobId: 'grant-1' }));
    expect((await api.ask('GET', '/metrics')).json['actions']).toEqual([
      expect.objectContaining({
        action: 'exclude-app-from-policy',
        planned: 1,
        approved: 0,
        refused: 1,
        reasons: [{ reason: 'A person rejected the plan', jobs: 1 }],
      }),
      expect.objectContaining({ action: 'grant-consent', planned: 1, done: 0, verified: 0, timeToRepairMs: null }),
    ]);
  });
});
