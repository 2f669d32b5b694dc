import type { InvocationContext } from '@azure/functions';
import { afterEach, describe, expect, it } from 'vitest';
import { closeServices, provide } from '../../functions/services.ts';
import { remediate } from '../../functions/remediate.ts';
import { jobEvent, type JobEvent } from '../../infra/messages/job.ts';
import { asStored, readJob } from '../../infra/messages/read-job.ts';
import type { Services } from '../../infra/services.ts';
import { job, tenantId } from '../infra/azure/samples.ts';

const event = jobEvent(job(), 'm1', null);

/** The handler over what it is given, and what became of the message. */
async function handled(message: unknown) {
  const done: string[] = [];
  const rejected: { source: string; reason: string; original: unknown }[] = [];
  const logs: string[] = [];
  const services = {
    remediator: {
      accept: (asked: JobEvent) => {
        asStored(asked, job());
        return Promise.resolve(asked.data.jobId);
      },
      remediate: (jobId: string) => {
        done.push(jobId);
        return Promise.resolve({ state: 'done', reason: null });
      },
    },
    read: { job: (body: unknown) => readJob(body, tenantId) },
    reject: (source: string, reason: string, original: unknown) => {
      rejected.push({ source, reason, original });
      return Promise.resolve();
    },
    wait: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  provide(() => Promise.resolve(services as unknown as Services));
  const log = (line: string): void => void logs.push(line);
  await remediate(message, { log, warn: log } as unknown as InvocationContext);
  return { done, rejected, logs };
}

afterEach(async () => {
  await closeServices();
});

describe('The function that carries out jobs', () => {
  it('carries out the job that the message names', async () => {
    expect(await handled(event)).toMatchObject({ done: [event.data.jobId], rejected: [] });
  });

  it('counts how it ended in one line that names its action', async () => {
    const { logs } = await handled(event);
    const { jobId } = event.data;

    expect(logs.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as unknown)).toEqual([
      { metric: 'kerbwatch.remediation', unit: 'count', value: 1, jobId, action: 'grant-consent', outcome: 'done' },
    ]);
  });

  it.each([
    ['was tampered with', { ...event, data: { ...event.data, dryRun: true } }, /data.dryRun: not as the job is stored/],
    ['is of a future version', { ...event, type: 'kerbwatch.remediation.requested.v2' }, /of version 2/],
    ['is for another tenant', { ...event, data: { ...event.data, tenantId: 'other' } }, /of another tenant/],
    ['has an unknown action', { ...event, data: { ...event.data, action: 'format' } }, /not an action of this version/],
    ['is no job', 'hello', /body: not JSON/],
  ])('puts aside a message that %s, with the reason and the original, does nothing, and counts it', async (...row) => {
    const [, message, reason] = row;
    const { done, rejected, logs } = await handled(message);

    expect(done).toEqual([]);
    expect(rejected).toEqual([
      { source: 'remediation-jobs', reason: expect.stringMatching(reason) as string, original: message },
    ]);
    expect(logs.join('\n')).toContain('"metric":"kerbwatch.rejected"');
  });
});
