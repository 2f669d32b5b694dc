import { describe, expect, it } from 'vitest';
import { JobUnreadable } from '../../../../domain/audit/ports.ts';
import { createJobStore } from '../../../../infra/azure/tables/job-store.ts';
import { job, noon } from '../samples.ts';
import { collect, useStorage } from './stored.ts';

const { freshTable } = useStorage();
const report = { at: noon, reason: 'granted', before: [], after: [{ id: 'grant' }], actor: null };

it('holds a job once, queued, however often it is inserted', async () => {
  const jobs = createJobStore(freshTable());

  await jobs.insert(job());
  await jobs.insert(job({ rule: 'another' }));

  expect(await collect(jobs.list())).toMatchObject([{ job: job(), state: 'queued', report: null }]);
});

it('holds a job that needs an approval as waiting for it', async () => {
  const jobs = createJobStore(freshTable());

  await jobs.insert(job({ approvalRequired: true }));

  expect((await jobs.find('ab54cafe'))?.state).toBe('awaiting-approval');
});

it('does not know a job that was never inserted', async () => {
  expect(await createJobStore(freshTable()).find('unknown')).toBeNull();
});

it('moves a job for the first who does it, who can move it on', async () => {
  const jobs = createJobStore(freshTable());
  await jobs.insert(job());
  const stored = await jobs.find('ab54cafe');
  if (stored === null) throw new Error('the job was inserted');

  const running = await jobs.move(stored, 'running', null);
  const late = await jobs.move(stored, 'refused', null);
  const done = running === null ? null : await jobs.move(running, 'done', report);

  expect(late).toBeNull();
  expect(done).toMatchObject({ state: 'done', report });
  expect(await jobs.find('ab54cafe')).toEqual(done);
});

it('keeps how far a job has come until it is told otherwise', async () => {
  const jobs = createJobStore(freshTable());
  await jobs.insert(job());
  const [stored] = await collect(jobs.list());
  if (stored === undefined) throw new Error('No job was stored');
  const progress = { claimedUntil: noon, tries: 1, looks: 0, verifyAfter: null, write: null };

  const running = await jobs.move(stored, 'running', null, progress);
  if (running === null) throw new Error('The job was not moved');
  await jobs.move(running, 'done', report);

  expect([stored.progress, (await jobs.find(stored.job.jobId))?.progress]).toEqual([null, progress]);
});

describe('A row that holds no job', () => {
  const broken = [
    ['is without its report', { report: undefined }],
    ['holds no JSON', { body: 'job' }],
    ['holds another thing', { body: '{"name":"x"}' }],
    ['is without a state', { state: undefined }],
    ['holds a job of another id', { body: JSON.stringify(job({ jobId: 'cd54cafe' })) }],
  ] as const;

  it.each(broken)(
    'that %s is left out of every list, is named, and keeps no other from being read',
    async (_, over) => {
      const table = freshTable();
      const jobs = createJobStore(table);
      await jobs.insert(job());
      await jobs.insert(job({ jobId: 'cdbad' }));
      const row = await table.get('cd', 'cdbad');
      const { report, body, state } = { ...row?.properties, ...over } as Record<string, string | undefined>;
      const kept = Object.fromEntries(
        Object.entries({ report, body, state }).filter(([, value]) => value !== undefined),
      );
      await table.upsert({ partitionKey: 'cd', rowKey: 'cdbad', ...(kept as Record<string, string>) });

      expect((await collect(jobs.list())).map((stored) => stored.job.jobId)).toEqual(['ab54cafe']);
      expect(await jobs.malformed()).toEqual(['cdbad']);
      await expect(jobs.find('cdbad')).rejects.toThrow(JobUnreadable);
      await expect(jobs.find('cdbad')).rejects.toThrow(/cdbad/);
    },
  );
});

it('keeps what a newer version wrote: a state that is not known here, and what was added to the job', async () => {
  const table = freshTable();
  const jobs = createJobStore(table);
  await jobs.insert(job());
  const row = await table.get('ab', 'ab54cafe');
  const body = JSON.stringify({ ...job(), wave: 3 });
  await table.upsert({ partitionKey: 'ab', rowKey: 'ab54cafe', ...row?.properties, state: 'paused', body });

  expect(await collect(jobs.list())).toMatchObject([{ state: 'paused', job: { wave: 3 } }]);
  expect(await jobs.malformed()).toEqual([]);
});
