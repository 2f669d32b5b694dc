import { describe, expect, it } from 'vitest';
import type { RepairTask } from '../../../../domain/remediation/repair-task.ts';
import { removeExpiredTasks } from '../../../../infra/azure/tables/expired-tasks.ts';
import { createFindingStore } from '../../../../infra/azure/tables/finding-store.ts';
import { createJobStore } from '../../../../infra/azure/tables/job-store.ts';
import { createTaskStore } from '../../../../infra/azure/tables/task-store.ts';
import { accountKey, finding, job, noon, subscriptionId } from '../samples.ts';
import { collect, useStorage } from './stored.ts';

const { freshTable } = useStorage();

function task(name: string, changes: Partial<RepairTask> = {}): RepairTask {
  return {
    place: accountKey(name),
    topic: 'consent-granted',
    findings: [{ id: `${name}/consent-granted`, episode: 1 }],
    task: {
      ...{ runbook: 'recreate-app', title: 'Make the app anew', why: 'It is gone', rights: 'Owner', breaks: 'Mounts' },
      about: { account: { id: accountKey(name), name }, subject: null },
      steps: [],
    },
    correlationId: 'run-1',
    createdAt: noon,
    ...changes,
  };
}

it('holds a task once, and tells the youngest of a place and a topic', async () => {
  const tasks = createTaskStore(freshTable());
  const younger = task('alpha', { createdAt: noon + 1, correlationId: 'run-2' });
  await tasks.insert(task('alpha'));
  await tasks.insert(task('alpha', { correlationId: 'again' }));
  await tasks.insert(younger);
  await tasks.insert(task('beta'));

  expect(await tasks.find(accountKey('alpha'), 'consent-granted')).toEqual(younger);
  expect(await tasks.find(accountKey('alpha'), 'consent')).toBeNull();
  expect(await collect(tasks.list())).toHaveLength(3);
  expect((await tasks.find(accountKey('beta'), 'consent-granted'))?.correlationId).toBe('run-1');
});

it('is beside the jobs and none of them', async () => {
  const table = freshTable();
  await createTaskStore(table).insert(task('alpha'));
  await createJobStore(table).insert(job());

  expect(await collect(createJobStore(table).list())).toMatchObject([{ job: { jobId: 'ab54cafe' } }]);
  expect(await collect(createJobStore(table).list('queued'))).toHaveLength(1);
});

describe('Retention', () => {
  it('removes old tasks, but never that of a finding as it stands', async () => {
    const findings = freshTable();
    const jobs = freshTable();
    const tasks = createTaskStore(jobs);
    const stored = [finding('open'), finding('closed', { state: 'resolved' }), finding('again', { episode: 2 })];
    await createFindingStore(findings).commit(
      subscriptionId,
      stored.map((one) => ({ finding: one, version: null, transition: null, effects: [] })),
    );
    for (const name of ['open', 'closed', 'again', 'forgotten']) await tasks.insert(task(name));
    await tasks.insert(task('young', { createdAt: noon + 1 }));

    expect(await removeExpiredTasks({ findings, jobs }, noon, 10)).toEqual({ rows: 0, more: false });
    expect(await removeExpiredTasks({ findings, jobs }, noon + 1, 10)).toEqual({ rows: 3, more: false });
    expect((await collect(tasks.list())).map(({ place }) => place).sort()).toEqual(
      [accountKey('open'), accountKey('young')].sort(),
    );
  });
});
