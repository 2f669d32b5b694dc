import { beforeEach, describe, expect, it } from 'vitest';
import { auditAccount } from '../../../domain/audit/audit-account.ts';
import { dispatchOutbox } from '../../../domain/audit/dispatch-outbox.ts';
import { markRepairing } from '../../../domain/audit/mark-repairing.ts';
import type { Messages } from '../../../domain/audit/ports.ts';
import type { Cause } from '../../../domain/findings/finding.ts';
import type { ActionMode, Settings } from '../../../domain/model/settings.ts';
import { stopAction } from '../../../domain/remediation/action-brakes.ts';
import { BrakeUnreadable } from '../../../domain/remediation/brakes.ts';
import { switchKill } from '../../../domain/remediation/kill-switch.ts';
import { planRefusedAnew } from '../../../domain/remediation/plan-refused-anew.ts';
import { planRepair } from '../../../domain/remediation/plan-repair.ts';
import { releaseAction } from '../../../domain/remediation/release-action.ts';
import { remediate } from '../../../domain/remediation/remediate.ts';
import { day, guid, settings } from '../build.ts';
import { directoryOf, kerberosAccount, onlyRules } from '../estate.ts';
import { Crash } from '../faults.ts';
import { memoryPorts, type MemoryPorts } from '../memory-ports.ts';

const account = kerberosAccount('profiles');
const person = guid(7);
const hour = 3_600_000;

function mode(action: ActionMode, over: Partial<Settings['brakes']> = {}): Settings {
  const { brakes } = settings();
  return settings({
    rules: onlyRules('consent-granted'),
    remediation: { 'grant-consent': action },
    brakes: { ...brakes, ...over },
  });
}

let ports: MemoryPorts;
/** A job that waits for nobody is queued for the missing consent. */
beforeEach(async () => {
  ports = memoryPorts([account], directoryOf(['profiles'], []));
  await ports.store.runs.markBaselined([account.subscriptionId]);
  await look({ kind: 'event', id: 'e1', actor: { kind: 'unknown', objectId: null } });
});

async function look(cause: Cause): Promise<void> {
  await auditAccount(account.id, cause, mode('auto'), ports);
  await dispatchOutbox(ports);
}

/** Does all that is queued for the auditor. */
async function work(): Promise<void> {
  for (let sent = ports.sent.work.splice(0); sent.length > 0; sent = ports.sent.work.splice(0)) {
    for (const { work: one } of sent) {
      if (one.kind === 'account') await look(one.cause);
      if (one.kind === 'plan-repair') await planRepair({ ...one, putOff: 9 }, mode('auto'), ports);
      if (one.kind === 'repair-queued') await markRepairing(one.jobId, ports);
      await dispatchOutbox(ports);
    }
  }
}

/** A night: the account is audited, and the remediator's pass follows. */
async function night(given = mode('auto')): Promise<void> {
  ports.world.now += day;
  await look({ kind: 'nightly', id: `run-${String(ports.world.now)}`, actor: { kind: 'unknown', objectId: null } });
  await work();
  await planRefusedAnew(given, ports);
  await work();
}

async function states(): Promise<readonly string[]> {
  const jobs = await Array.fromAsync(ports.store.jobs.list());
  return jobs.sort((a, b) => a.job.attempt - b.job.attempt).map(({ state }) => state);
}

/** Carries out what is queued. */
async function carryOut(given = mode('auto')): Promise<void> {
  for await (const { job } of ports.store.jobs.list('queued')) await remediate(job.jobId, given, ports);
  await work();
}

async function kill(on: boolean): Promise<void> {
  await switchKill({ on, by: person, reason: 'A change freeze' }, ports);
}

function stored() {
  return ports.store.all().map(({ state }) => state);
}

describe('A job that was refused for a reason that has passed is planned anew', () => {
  it('and carried out, after it lay in the queue until it had expired', async () => {
    ports.world.now += day;
    await carryOut();
    ports.world.now += hour;
    await planRefusedAnew(mode('auto'), ports);
    await work();

    expect(await states()).toEqual(['refused', 'queued']);
    expect(stored()).toEqual(['remediating']);
    await carryOut();
    expect(await states()).toEqual(['refused', 'done']);
  });

  it('after the kill switch is off again', async () => {
    await kill(true);
    await carryOut();
    expect(stored()).toEqual(['open']);
    await kill(false);
    await night();

    expect(await states()).toEqual(['refused', 'queued']);
    expect(stored()).toEqual(['remediating']);
    await carryOut();
    expect(await states()).toEqual(['refused', 'done']);
  });

  it('after the kill switch of the settings, or the action that they switched off', async () => {
    for (const [index, off] of [mode('auto', { killSwitch: true }), mode('off')].entries()) {
      await carryOut(off);
      await night(off);
      expect(await states()).toHaveLength(index + 1);
      await night();
      expect(await states()).toHaveLength(index + 2);
    }
  });

  it('after a person has released the action that was stopped', async () => {
    const clash = { action: 'grant-consent', jobId: 'a'.repeat(40), attempt: 1 };
    await stopAction(clash, { at: ports.now(), reason: 'Somebody wrote at the same time' }, ports.brakes);
    await carryOut();
    await night();
    expect(await states()).toEqual(['refused']);
    await releaseAction('grant-consent', person, ports);
    await night();

    expect(await states()).toEqual(['refused', 'queued']);
  });

  it('after the writes of the hour lasted until it expired', async () => {
    const { version } = await ports.brakes.read();
    ports.world.now += day - hour / 2;
    const writes = [{ action: 'grant-consent', at: ports.now() - 1000, key: 'another' }];
    await ports.brakes.replace({ killSwitch: null, actions: {}, writes, acts: [] }, version);
    await carryOut(mode('auto', { writesPerHourPerAction: 1 }));
    expect(await states()).toEqual(['refused']);
    await night();

    expect(await states()).toEqual(['refused', 'queued']);
  });

  it('within the hour, without an audit that finds anything new', async () => {
    await kill(true);
    await carryOut();
    await kill(false);
    ports.world.now += hour;

    expect(await planRefusedAnew(mode('auto'), ports)).toHaveLength(1);
    await work();
    expect(await states()).toEqual(['refused', 'queued']);
  });
});

describe('While the cause lasts', () => {
  it('no night makes a job, or writes or sends anything', async () => {
    await kill(true);
    await carryOut();
    const before = [await Array.fromAsync(ports.store.jobs.list()), ports.store.commits.attempted];
    for (let nights = 0; nights < 3; nights += 1) await night();

    expect([await Array.fromAsync(ports.store.jobs.list()), ports.store.commits.attempted]).toEqual(before);
    expect(ports.sent.work).toEqual([]);
  });

  it('whoever has it planned for another reason makes no job either', async () => {
    await kill(true);
    await carryOut();
    const accountId = account.id.toLowerCase();
    const repair = { of: 'account', accountId, rule: 'consent-granted' } as const;
    const planned = await planRepair({ repair, correlationId: 'e2', putOff: 9 }, mode('auto'), ports);

    expect(planned).toMatchObject({ outcome: 'none', why: expect.stringContaining('is lifted') as string });
  });

  it('brakes that cannot be read hold', async () => {
    await kill(true);
    await carryOut();
    const brakes = { ...ports.brakes, read: () => Promise.reject(new BrakeUnreadable('No brakes')) };

    expect(await planRefusedAnew(mode('auto'), { ...ports, brakes })).toEqual([]);
  });
});

describe('Planning anew', () => {
  it('is asked for once for each job, however many passes there are', async () => {
    await kill(true);
    await carryOut();
    await kill(false);
    for (let passes = 0; passes < 3; passes += 1) await planRefusedAnew(mode('auto'), ports);

    expect(ports.sent.work.filter(({ work: { kind } }) => kind === 'plan-repair')).toHaveLength(1);
  });

  it('is asked for by the same message after a crash', async () => {
    await kill(true);
    await carryOut();
    await kill(false);
    const auditWork: Messages['auditWork'] = async (works) => {
      await ports.messages.auditWork(works);
      throw new Crash('crashed');
    };
    const crashing = { ...ports.messages, auditWork };
    await expect(planRefusedAnew(mode('auto'), { ...ports, messages: crashing })).rejects.toBeInstanceOf(Crash);
    ports.world.now += hour;
    await planRefusedAnew(mode('auto'), ports);

    expect(ports.sent.work).toHaveLength(2);
    expect(new Set(ports.sent.work.map(({ messageId }) => messageId)).size).toBe(1);
  });

  it('goes on however often a person pulls the switch and lifts it, and ends with the third that came too late', async () => {
    for (let round = 0; round < 4; round += 1) {
      await kill(true);
      await carryOut();
      await kill(false);
      await night();
    }
    expect(await states()).toEqual(['refused', 'refused', 'refused', 'refused', 'queued']);

    for (let round = 0; round < 4; round += 1) {
      ports.world.now += 2 * day;
      await carryOut();
      await night();
    }
    expect((await states()).filter((state) => state !== 'refused')).toEqual([]);
    expect((await states()).length).toBeLessThanOrEqual(7);
  });

  it('does not happen for one that was refused for good', async () => {
    ports.world.directory = directoryOf(['profiles'], ['profiles']);
    await carryOut();
    expect(await states()).toEqual(['refused']);
    await work();
    ports.sent.work.length = 0;

    expect(await planRefusedAnew(mode('auto'), ports)).toEqual([]);
    expect(ports.sent.work).toEqual([]);
  });
});
