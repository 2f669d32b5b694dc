import { afterEach, describe, expect, it } from 'vitest';
import { auditWork } from '../../functions/audit-work.ts';
import { closeServices } from '../../functions/services.ts';
import { remediationResults } from '../../functions/remediation-results.ts';
import { auditWorkMessage } from '../../infra/messages/audit-work.ts';
import { resultEvent } from '../../infra/messages/result.ts';
import { StoreUnreachable } from '../../infra/azure/store-unreachable.ts';
import { account, settings, tenantId } from '../domain/build.ts';
import { memoryPorts } from '../domain/memory-ports.ts';
import { job } from '../infra/azure/samples.ts';
import { delivery, provideOver } from './services-over-memory.ts';

const sent = job({ accounts: [{ id: account().id, name: account().name }] });
const told = (jobId: string, outcome: 'done' | 'failed' = 'done', messageId = 'r1') =>
  resultEvent({ jobId, outcome, reason: null, at: 0 }, messageId, tenantId);

async function started() {
  const ports = memoryPorts([account()]);
  await ports.store.jobs.insert(sent);
  const down = { store: false };
  const { jobs } = ports;
  Object.assign(ports, {
    jobs: {
      ...ports.store.jobs,
      find: (jobId: string) => {
        if (down.store) throw new StoreUnreachable('https://st.example', 'ECONNREFUSED', null);
        return jobs.find(jobId);
      },
    },
  });
  provideOver(ports, settings());
  const deliver = async (message: unknown) => {
    const { context, lines } = delivery({ deliveryCount: 1, messageId: 'r1' });
    await remediationResults(message, context);
    return lines.join('\n');
  };
  /** Delivers what was queued last, as its time has come. */
  const again = async () => {
    const work = ports.sent.work.at(-1)?.work;
    if (work?.kind !== 'result') throw new Error('No result was put off');
    await auditWork(auditWorkMessage(work), delivery().context);
  };
  const kinds = () => ports.sent.work.map(({ work }) => work.kind);
  return { ports, down, deliver, again, kinds };
}

afterEach(async () => {
  await closeServices();
});

describe('The function that takes results', () => {
  it('has the accounts of a job that was sent audited, and sets no state', async () => {
    const { ports, deliver, kinds } = await started();
    await deliver(told(sent.jobId));

    expect(kinds()).toEqual(['account']);
    expect(ports.sent.rejected).toEqual([]);
    expect((await ports.store.jobs.find(sent.jobId))?.state).toBe('queued');
  });

  it.each<[string, unknown, RegExp]>([
    ['of a job that does not exist', told('f'.repeat(40)), /No remediation job f+ is stored/],
    ['of a job whose id cannot be a key', told('../../x'), /.+/],
    ['of a future version', { ...told(sent.jobId), type: 'kerbwatch.remediation.completed.v2' }, /of version 2/],
    [
      'with an outcome that is none',
      { ...told(sent.jobId), data: { ...told(sent.jobId).data, outcome: 'great' } },
      /outcome/,
    ],
    ['that is no JSON', '{', /body: not JSON/],
  ])('puts a result %s aside, once, with the reason, starts nothing, and counts it', async (_, message, reason) => {
    const { ports, deliver } = await started();
    const log = await deliver(message);

    expect(ports.sent.work).toEqual([]);
    expect(ports.sent.rejected).toEqual([
      { source: 'remediation-results', reason: expect.stringMatching(reason) as string },
    ]);
    expect(log).toContain('"metric":"kerbwatch.rejected"');
  });

  it('puts a second result of the same attempt aside, and audits once', async () => {
    const { ports, deliver, kinds } = await started();
    await deliver(told(sent.jobId));
    // The same message once more is one that a crash kept from being settled.
    await deliver(told(sent.jobId));
    expect(ports.sent.rejected).toEqual([]);
    await deliver(told(sent.jobId, 'failed', 'r2'));

    expect(kinds()).toEqual(['account']);
    expect(ports.sent.rejected).toMatchObject([{ reason: expect.stringMatching(/came before/) as unknown }]);
  });
});

describe('A result that comes while the store cannot be reached', () => {
  it('waits with growing pauses, is put aside nowhere, and is taken when the store is back', async () => {
    const { ports, down, deliver, again, kinds } = await started();
    down.store = true;
    await deliver(told(sent.jobId));
    for (let tries = 0; tries < 20; tries += 1) await again();

    const waits = ports.sent.work.map(({ notBefore }) => (notBefore ?? 0) - ports.now());
    expect(waits.slice(0, 4)).toEqual([1000, 2000, 4000, 8000]);
    expect(Math.max(...waits)).toBe(15 * 60_000);
    expect(ports.sent.rejected).toEqual([]);

    down.store = false;
    await again();
    expect(kinds().at(-1)).toBe('account');
    expect(ports.sent.rejected).toEqual([]);
  });

  it('is put aside once when nobody stored such a job after all', async () => {
    const { ports, down, deliver, again } = await started();
    down.store = true;
    await deliver(told('f'.repeat(40)));
    await again();
    down.store = false;
    await again();

    expect(ports.sent.rejected).toEqual([
      { source: 'audit-work', reason: expect.stringMatching(/No remediation job/) as string },
    ]);
  });

  it('is put aside once when the store is away for most of a day', async () => {
    const { ports, down, deliver, again } = await started();
    down.store = true;
    await deliver(told(sent.jobId));
    for (let tries = 0; tries < 96; tries += 1) await again();

    expect(ports.sent.rejected).toEqual([
      { source: 'audit-work', reason: expect.stringMatching(/was put off 96 times/) as string },
    ]);
  });
});
