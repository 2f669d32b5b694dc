import { expect, it } from 'vitest';
import { BrakeUnreadable, noBrakes } from '../../../../domain/remediation/brakes.ts';
import { createApprovalStore } from '../../../../infra/azure/tables/approval-store.ts';
import { createBrakeStore } from '../../../../infra/azure/tables/brake-store.ts';
import { noon } from '../samples.ts';
import { useStorage } from './stored.ts';

const { freshTable } = useStorage();
const approval = {
  ...{ jobId: 'ab54cafe', attempt: 2, planDigest: 'd', decision: 'approved' as const, by: 'o1' },
  ...{ at: noon, expiresAt: noon + 1, note: null },
};

it('keeps the first decision on an attempt, and knows nothing of another', async () => {
  const approvals = createApprovalStore(freshTable());

  expect(await approvals.decide(approval)).toBe(true);
  expect(await approvals.decide({ ...approval, decision: 'rejected', by: 'o2' })).toBe(false);

  expect(await approvals.find('ab54cafe', 2)).toEqual(approval);
  expect(await approvals.find('ab54cafe', 1)).toBeNull();
});

it('keeps that an attempt was called off beside its decision: the first stands, and what cannot be read is not taken for none', async () => {
  const table = freshTable();
  const approvals = createApprovalStore(table);
  const callOff = { jobId: 'ab54cafe', attempt: 2, by: 'o2', at: noon, note: 'Not today' };
  await approvals.decide(approval);

  expect(await approvals.calledOff('ab54cafe', 2)).toBeNull();
  expect(await approvals.callOff(callOff)).toBe(true);
  expect(await approvals.callOff({ ...callOff, by: 'o3' })).toBe(false);
  expect(await approvals.calledOff('ab54cafe', 2)).toEqual(callOff);
  expect(await approvals.calledOff('ab54cafe', 1)).toBeNull();
  expect(await approvals.find('ab54cafe', 2)).toEqual(approval);

  await table.upsert({ partitionKey: 'ab54cafe', rowKey: '00000002~called-off', body: '{}' });
  await expect(approvals.calledOff('ab54cafe', 2)).rejects.toThrow('is not carried out');
});

it('keeps brakes for the first who writes them', async () => {
  const brakes = createBrakeStore(freshTable());
  expect(await brakes.read()).toEqual({ state: noBrakes, version: null });
  const killSwitch = { on: true, by: 'o1', at: noon, reason: 'Incident' };

  expect(await brakes.replace({ ...noBrakes, killSwitch }, null)).toBe(true);
  expect(await brakes.replace(noBrakes, null)).toBe(false);
  const { state, version } = await brakes.read();
  expect(state.killSwitch).toEqual(killSwitch);
  expect(await brakes.replace(noBrakes, version)).toBe(true);
  expect(await brakes.replace(state, version)).toBe(false);
});

it('does not take for brakes what is something else', async () => {
  const table = freshTable();
  await table.upsert({ partitionKey: 'brakes', rowKey: 'state', body: '{"killSwitch":"off"}' });

  await expect(createBrakeStore(table).read()).rejects.toThrow(BrakeUnreadable);
});

it('does not take for an approval what holds for ever, or is that of another job', async () => {
  const table = freshTable();
  const { expiresAt: _, ...endless } = approval;
  for (const [attempt, body] of [endless, { ...approval, jobId: 'another' }].entries()) {
    await table.upsert({
      partitionKey: 'ab54cafe',
      rowKey: `0000000${String(attempt)}`,
      body: JSON.stringify({ ...body, attempt }),
    });
  }
  const approvals = createApprovalStore(table);

  await expect(approvals.find('ab54cafe', 0)).rejects.toThrow('is not what was written');
  await expect(approvals.find('ab54cafe', 1)).rejects.toThrow('is not what was written');
});

it('reads the brakes of an older version', async () => {
  const table = freshTable();
  const stopped = { at: noon, reason: 'x', jobId: 'j1' };
  const body = { killSwitch: null, actions: { a: { failures: [], stopped } }, writes: [] };
  await table.upsert({ partitionKey: 'brakes', rowKey: 'state', body: JSON.stringify(body) });

  const { state } = await createBrakeStore(table).read();
  expect(state.actions['a']).toEqual({
    failures: [],
    stopped: { at: noon, reason: 'x', jobIds: ['j1'] },
    counted: [],
  });
  expect(state.acts).toEqual([]);
});
