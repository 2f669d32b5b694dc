import { expect, it } from 'vitest';
import type { WriteRecord } from '../../../../domain/remediation/write-record.ts';
import { createApprovalStore } from '../../../../infra/azure/tables/approval-store.ts';
import { createJobRequests } from '../../../../infra/azure/tables/job-requests.ts';
import { createWriteRecords } from '../../../../infra/azure/tables/write-records.ts';
import { job, noon } from '../samples.ts';
import { useStorage } from './stored.ts';

const { freshTable } = useStorage();
const { jobId, attempt, tenantId, plan, accounts } = job();
const write = { before: { value: [] }, intendedAt: noon, takenAt: null, answer: null, after: null };
const record: WriteRecord = { jobId, attempt, tenantId, plan, accounts, undoOf: null, write };

it('keeps what a job is about to write for the first who says so, and what is known later for whoever read that', async () => {
  const records = createWriteRecords(freshTable());
  expect(await records.find(jobId)).toBeNull();

  expect(await records.replace(record, null)).toBe(true);
  expect(await records.replace({ ...record, write: null }, null)).toBe(false);
  const found = await records.find(jobId);
  expect(found?.record).toEqual(record);

  const taken = { ...record, write: { ...write, takenAt: noon + 1 } };
  expect(await records.replace(taken, found?.version ?? '')).toBe(true);
  expect(await records.replace(record, found?.version ?? '')).toBe(false);
  expect((await records.find(jobId))?.record).toEqual(taken);
});

it('knows the latest write of an action to an object, however its id is spelled', async () => {
  const records = createWriteRecords(freshTable());
  await records.setLatest('grant-consent', '/Subscriptions/X', { jobId, undoOf: null, at: noon });
  await records.setLatest('grant-consent', '/subscriptions/x', { jobId: 'e', undoOf: jobId, at: noon + 1 });

  expect(await records.latest('grant-consent', '/SUBSCRIPTIONS/X')).toEqual({
    jobId: 'e',
    undoOf: jobId,
    at: noon + 1,
  });
  expect(await records.latest('add-missing-scopes', '/subscriptions/x')).toBeNull();
});

it('keeps the first request for a job, beside decisions on it', async () => {
  const table = freshTable();
  const requests = createJobRequests(table);
  const request = { jobId, undoOf: 'ab', by: 'o1', at: noon, expiresAt: noon + 1 };
  expect(await requests.find(jobId)).toBeNull();

  expect(await requests.keep(request)).toEqual(request);
  expect(await requests.keep({ ...request, by: 'o2' })).toEqual(request);
  expect(await requests.find(jobId)).toEqual(request);
  expect(await createApprovalStore(table).find(jobId, attempt)).toBeNull();
});
