import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { StoredJob } from '../../domain/audit/ports.ts';
import type { Finding } from '../../domain/findings/finding.ts';
import { actionRisks } from '../../domain/remediation/actions.ts';
import { undoRiskOf } from '../../domain/remediation/undo-risk.ts';
import type { EmbeddedCloud } from '../../infra/local/embedded-cloud.ts';
import { approver, operator } from '../../infra/local/identity/people.ts';
import type { ActionName } from '../domain/remediation/broken-worlds.ts';
import { eventually, startTestCloud, type TestCloud } from '../support/embedded-cloud.ts';
import { administered } from './remediation/administered.ts';
import { type Decisions, decisionsOn, owner, secondApprover } from './remediation/decisions.ts';
import { type Fault, repairs } from './remediation/repairs.ts';
import { differences, type Fields, fieldsOf } from './remediation/tenant-differences.ts';

/** The one action that runs without a person; all others wait for one. */
const runsByItself = 'assignment-not-required';
const actions = Object.keys(actionRisks) as readonly ActionName[];

let test: TestCloud;
let cloud: EmbeddedCloud;
let decisions: Decisions;
/** By action; all made before the one audit that finds them. */
const faults = new Map<ActionName, Fault>();
let foundBefore: ReadonlySet<string>;
/** The tenant with all its faults, before anything was mended. */
let broken: Fields;

beforeAll(async () => {
  test = await startTestCloud({
    remediation: Object.fromEntries(actions.map((action) => [action, action === runsByItself ? 'auto' : 'approve'])),
    brakes: { requesters: [owner.objectId] },
    cloudOnlyUsers: [{ name: 'contosoappattach' }],
  });
  ({ cloud } = test);
  // An account that cannot be seen may need an exclusion, so that none would be taken away.
  for (const subscription of cloud.azure.tenant.subscriptions) subscription.readable = true;
  decisions = await decisionsOn(cloud, [operator, approver, owner, secondApprover]);
  await nightly();
  foundBefore = new Set((await Array.fromAsync(cloud.store.findings.list())).map(({ id }) => id));
  const tenant = administered(cloud);
  for (const { action, fault } of repairs) faults.set(action, await fault(tenant));
  broken = tenantNow();
  await nightly();
}, 90_000);
afterAll(() => test.stop());

async function nightly(): Promise<void> {
  const [last] = await cloud.store.runs.latest(1);
  await cloud.host.runTimer('nightly-audit');
  await eventually('the run', async () => {
    const [run] = await cloud.store.runs.latest(1);
    return run?.id !== last?.id && typeof run?.finishedAt === 'number' ? run : null;
  });
}

function tenantNow(): Fields {
  return fieldsOf(cloud.azure.tenant);
}

function faultFor(action: ActionName): Fault {
  const made = faults.get(action);
  if (made === undefined) throw new Error(`No fault was made for ${action}`);
  return made;
}

/** The finding once it is in a state, in an episode. */
async function found(id: string, state: Finding['state'], episode: number): Promise<Finding> {
  return eventually(`${id} to be ${state}`, async () => {
    const now = (await cloud.store.findings.find(id))[0]?.finding;
    return now?.state === state && now.episode === episode ? now : null;
  });
}

/** The job of an action for an object and an episode of its finding, once it is in a state. */
async function job(action: ActionName, { targetId }: Fault, episode: number, state: string): Promise<StoredJob> {
  return eventually(`a job of ${action} that is ${state}`, async () => {
    const all = await Array.fromAsync(cloud.store.jobs.list());
    return all.find(
      ({ job: { plan, undoOf, findings }, state: now }) =>
        plan.action === action &&
        now === state &&
        undoOf === undefined &&
        plan.target.id.toLowerCase() === targetId.toLowerCase() &&
        findings.every((one) => one.episode === episode),
    );
  });
}

describe('On the embedded cloud, once an administrator made a fault for every action', () => {
  it('each has a fault of its own, which was not there before', () => {
    expect([...faults.keys()].toSorted()).toEqual(actions.toSorted());
    expect([...faults.values()].filter(({ findingId }) => foundBefore.has(findingId))).toEqual([]);
  });

  it(`${runsByItself} is found, mended at once, verified, taken back, found again, and then mended once a person agrees`, async () => {
    const fault = faultFor(runsByItself);
    const { job: done } = await job(runsByItself, fault, 1, 'done');
    expect(done.approvalRequired).toBe(false);
    expect(differences(broken, tenantNow())).toEqual(fault.mended);
    await found(fault.findingId, 'resolved', 1);

    const undo = await decisions.undo(approver, done.jobId);
    await job(runsByItself, fault, 1, 'undone');
    expect((await cloud.store.jobs.find(undo.id))?.report).toMatchObject({
      before: { appRoleAssignmentRequired: false },
      after: { appRoleAssignmentRequired: true },
    });

    // Somebody wanted it as it was: what ran by itself asks now.
    const { job: again } = await job(runsByItself, fault, 2, 'awaiting-approval');
    const { planDigest } = await decisions.shown(approver, again.jobId);
    expect(await decisions.approve(approver, again.jobId, planDigest)).toMatchObject({ status: 200 });
    await job(runsByItself, fault, 2, 'done');
    await found(fault.findingId, 'resolved', 2);
    expect(differences(broken, tenantNow())).toEqual(fault.mended);
  }, 60_000);

  it.each(repairs.filter(({ action }) => action !== runsByItself).map(({ action, rule }) => [action, rule] as const))(
    '%s is found, planned, approved, done, verified, taken back, and found again',
    async (action, rule) => {
      const fault = faultFor(action);
      const { findingId, mended } = fault;
      const start = tenantNow();
      expect(await found(findingId, 'open', 1)).toMatchObject({ rule, outcome: 'fail' });
      const { job: planned } = await job(action, fault, 1, 'awaiting-approval');
      expect(planned.findings.map(({ id }) => id)).toEqual([findingId]);
      const { planDigest } = await decisions.shown(approver, planned.jobId);

      expect(await decisions.approve(operator, planned.jobId, planDigest)).toMatchObject({ status: 403 });
      expect(await decisions.approve(owner, planned.jobId, planDigest)).toMatchObject({ status: 409 });
      expect(await decisions.approve(approver, planned.jobId, '0'.repeat(64))).toMatchObject({ status: 412 });
      expect(differences(start, tenantNow())).toEqual({});
      expect(await decisions.approve(approver, planned.jobId, planDigest)).toMatchObject({ status: 200 });

      const { report } = await job(action, fault, 1, 'done');
      expect(report).toMatchObject({ reason: null, actor: cloud.environment['KERBWATCH_OBJECT_ID'] });
      expect(differences(start, tenantNow())).toEqual(mended);
      await found(findingId, 'resolved', 1);

      const undo = await decisions.undo(approver, planned.jobId);
      expect(undo).toMatchObject({ undoOf: planned.jobId, requestedBy: approver.objectId });
      if (undoRiskOf(action) !== 'safe') {
        expect(undo.state).toBe('awaiting-approval');
        expect(await decisions.approve(approver, undo.id, undo.planDigest)).toMatchObject({ status: 409 });
        expect(await decisions.approve(secondApprover, undo.id, undo.planDigest)).toMatchObject({ status: 200 });
      }
      await job(action, fault, 1, 'undone');
      expect(differences(start, tenantNow())).toEqual({});

      expect(await found(findingId, 'open', 2)).toMatchObject({ outcome: 'fail' });
      await job(action, fault, 2, 'awaiting-approval');
      expect(differences(start, tenantNow())).toEqual({});
    },
    60_000,
  );

  it('in the end nothing differs but what was mended and not taken back', async () => {
    expect(differences(broken, tenantNow())).toEqual(faultFor(runsByItself).mended);
    expect(await decisions.undone(approver)).toEqual(Object.fromEntries(actions.map((action) => [action, 1])));
  });

  it('a job that lacks its permission fails, is told and put aside, and is done once that is granted and it is asked for again', async () => {
    const action = 'add-cloud-group-tag';
    const fault = faultFor(action);
    const { faults: trouble } = cloud.azure;
    const start = tenantNow();
    trouble.forbidWriting('applications');
    const { job: lacking } = await job(action, fault, 2, 'awaiting-approval');
    const { planDigest } = await decisions.shown(approver, lacking.jobId);
    expect(await decisions.approve(approver, lacking.jobId, planDigest)).toMatchObject({ status: 200 });

    const { report } = await job(action, fault, 2, 'failed');
    expect(report?.reason).toContain('lacks Application.ReadWrite.All');
    expect(differences(start, tenantNow())).toEqual({});
    expect(await found(fault.findingId, 'open', 2)).toMatchObject({ outcome: 'fail' });
    await eventually('the copy that is put aside', () => (cloud.broker.depth('rejected').active > 0 ? true : null));
    expect(await decisions.rejected(approver)).toEqual([report?.reason]);

    trouble.allow('applications');
    const again = await decisions.requeue(approver, lacking.jobId);
    expect(again).toMatchObject({ attempt: 2, state: 'awaiting-approval', requestedBy: approver.objectId });
    expect(await decisions.approve(approver, again.id, again.planDigest)).toMatchObject({ status: 409 });
    expect(await decisions.approve(secondApprover, again.id, again.planDigest)).toMatchObject({ status: 200 });
    await job(action, fault, 2, 'done');
    expect(differences(start, tenantNow())).toEqual(fault.mended);
    await found(fault.findingId, 'resolved', 2);
  }, 60_000);
});
