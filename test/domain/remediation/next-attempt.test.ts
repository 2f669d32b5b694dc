import { describe, expect, it } from 'vitest';
import type { JobReport, StoredJob } from '../../../domain/audit/ports.ts';
import type { JobState, RemediationJob } from '../../../domain/remediation/job.ts';
import { nextAttempt } from '../../../domain/remediation/next-attempt.ts';
import { youngerJob } from '../../../domain/remediation/younger-job.ts';
import { job as sample, noon } from '../../infra/azure/samples.ts';

const expiresAt = noon + 1000;
const elsewhere = sample().accounts[0]?.id.replace(/resourceGroups\/[^/]+/iu, 'resourceGroups/elsewhere') ?? '';

function attempt(number: number, over: Partial<RemediationJob> = {}): RemediationJob {
  return sample({ jobId: `job${String(number)}`, attempt: number, expiresAt, ...over });
}

function stored(job: RemediationJob, state: JobState, at = noon): StoredJob {
  const report = { at, reason: null, before: null, after: null, actor: null };
  return { job, state, report, version: '1' };
}

function next(jobs: readonly StoredJob[], now = noon, over: Partial<RemediationJob> = {}) {
  const find = (id: string) => Promise.resolve(jobs.find(({ job }) => job.jobId === id) ?? null);
  return nextAttempt((number) => attempt(number, over), { find }, now);
}

const other = { ...sample().plan, target: { ...sample().plan.target, name: 'renamed' } };

describe('The next attempt at a job', () => {
  it('is the first where none is stored', async () => {
    expect(await next([])).toMatchObject({ job: { attempt: 1 } });
  });

  it.each<[JobState, boolean]>([
    ['awaiting-approval', false],
    ['queued', false],
    ['running', false],
    ['refused', false],
    ['failed', false],
    ['undone', false],
    ['done', true],
    ['withdrawn', true],
  ])('after one that is %s, for the same plan in its time: %s', async (state, again) => {
    expect((await next([stored(attempt(1), state)])).kind).toBe(again ? 'new' : 'none');
  });

  it.each<[JobState, boolean]>([
    ['awaiting-approval', true],
    ['queued', true],
    ['refused', true],
    ['failed', true],
    ['running', false],
    ['undone', false],
  ])('after one that is %s, for a plan on younger facts: %s', async (state, again) => {
    expect((await next([stored(attempt(1), state)], noon, { plan: other })).kind).toBe(again ? 'new' : 'none');
  });

  it('after one that expired while it waited, or was refused for that, is another', async () => {
    for (const state of ['awaiting-approval', 'queued', 'refused', 'failed'] as const) {
      expect((await next([stored(attempt(1), state, expiresAt)], expiresAt)).kind, state).toBe('new');
    }
  });

  it('after a dry run is one that does it, where settings say so by now, and no second dry run', async () => {
    const dry = stored(attempt(1, { dryRun: true }), 'dry-run');

    expect((await next([dry], noon, { dryRun: true })).kind).toBe('none');
    expect((await next([dry])).kind).toBe('new');
  });

  it('after one that was a dry run by the settings of the remediator alone is none until that withdraws it', async () => {
    expect((await next([stored(attempt(1), 'dry-run')], expiresAt)).kind).toBe('none');
    expect((await next([stored(attempt(1), 'withdrawn')], expiresAt)).kind).toBe('new');
    expect((await next([stored(attempt(1), 'dry-run')], noon, { plan: other })).kind).toBe('new');
  });

  it('is none after three that were of no help', async () => {
    const tried = [1, 2, 3].map((number) => stored(attempt(number), 'done'));

    expect(await next(tried.slice(1))).toMatchObject({ job: { attempt: 1 } });
    expect((await next(tried)).kind).toBe('none');
  });
});

describe('After one that was refused for a reason that passes', () => {
  const refused = (number: number, report: Partial<JobReport>): StoredJob => {
    const one = stored(attempt(number), 'refused');
    return { ...one, report: one.report && { ...one.report, ...report } };
  };
  const lifted = { passes: 'held', plannedAnew: { at: noon, queued: false } } as const;

  it('for it came too late, or would have, is another, three at most', async () => {
    expect((await next([refused(1, { passes: 'late' })])).kind).toBe('new');
    expect((await next([1, 2, 3].map((number) => refused(number, { passes: 'late' })))).kind).toBe('none');
  });

  it('for it was held is another only since that is lifted, however often it was', async () => {
    expect((await next([refused(1, { passes: 'held' })])).kind).toBe('none');
    expect((await next([refused(1, { passes: 'held' })], expiresAt)).kind).toBe('none');
    expect(await next([1, 2, 3, 4].map((number) => refused(number, lifted)))).toMatchObject({ job: { attempt: 5 } });
  });

  it('by words that say so alone is none', async () => {
    expect((await next([refused(1, { reason: 'the next audit plans it anew' })])).kind).toBe('none');
  });
});

describe('What an attempt counts for', () => {
  const elsewhere = [{ id: '/subscriptions/other/resourceGroups/g/providers/x/files', name: 'files' }];

  it('is nothing where its accounts lay at another place, in whatever state it is', async () => {
    for (const state of ['queued', 'running', 'failed', 'refused', 'undone', 'done'] as const) {
      const [first, second, third] = [1, 2, 3].map((number) => stored(attempt(number, { accounts: elsewhere }), state));
      if (first === undefined || second === undefined || third === undefined) throw new Error('Three were made');

      expect(await next([first]), state).toMatchObject({ kind: 'new', job: { attempt: 2 } });
      expect(await next([first, second, third]), state).toMatchObject({ kind: 'new', job: { attempt: 4 } });
    }
  });

  it('is a try where nobody carried it out in its time: the third is the last', async () => {
    const lapsed = [1, 2, 3].map((number) => stored(attempt(number), 'queued'));

    expect(await next(lapsed.slice(0, 2), expiresAt)).toMatchObject({ job: { attempt: 3 } });
    expect(await next(lapsed, expiresAt)).toMatchObject({
      kind: 'none',
      why: expect.stringContaining('third') as string,
    });
  });

  it('is a try where it was withdrawn and the same plan is made all the same, and none where another is', async () => {
    const same = [1, 2, 3].map((number) => stored(attempt(number), 'withdrawn'));
    const others = [1, 2, 3].map((number) => stored(attempt(number, { plan: other }), 'withdrawn'));

    expect((await next(same)).kind).toBe('none');
    expect(await next(others)).toMatchObject({ job: { attempt: 4 } });
  });

  it('is over for one that somebody took and was not heard of a day after its end', async () => {
    const day = 24 * 3_600_000;
    const running = [stored(attempt(1), 'running')];

    expect((await next(running, expiresAt + day - 1)).kind).toBe('none');
    expect(await next(running, expiresAt + day)).toMatchObject({ job: { attempt: 2 } });
  });
});

describe('The younger job', () => {
  const old = attempt(1);
  const find = (...jobs: readonly RemediationJob[]) =>
    youngerJob(old, {
      async *list() {
        for (const job of [old, ...jobs]) yield await Promise.resolve(stored(job, 'awaiting-approval'));
      },
    });

  it('is the youngest of those planned later for the same object and some of the same findings', async () => {
    const [second, third] = [attempt(2, { createdAt: noon + 1 }), attempt(3, { createdAt: noon + 2 })];

    expect(await find(third, second)).toEqual(third);
    expect(await find(attempt(2))).toMatchObject({ attempt: 2 });
  });

  it.each<[string, Partial<RemediationJob>]>([
    ['was planned before', { createdAt: noon - 1 }],
    ['is for other findings', { findings: [{ id: 'other/consent-granted', episode: 1 }] }],
    [
      'is for the place that the account was moved from',
      { accounts: sample().accounts.map((one) => ({ ...one, id: elsewhere })) },
    ],
    ['does something else', { plan: { ...sample().plan, action: 'add-missing-scopes' } }],
    ['writes another object', { plan: { ...sample().plan, target: { ...sample().plan.target, id: 'other' } } }],
    ['takes the job back', { undoOf: 'job1' }],
  ])('is none that %s', async (_, over) => {
    expect(await find(attempt(2, { createdAt: noon + 1, ...over }))).toBeNull();
  });
});
