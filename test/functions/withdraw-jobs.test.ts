import type { InvocationContext, Timer } from '@azure/functions';
import { afterEach, describe, expect, it } from 'vitest';
import { closeServices, provide } from '../../functions/services.ts';
import { withdrawJobs } from '../../functions/withdraw-jobs.ts';
import type { Services } from '../../infra/services.ts';

afterEach(async () => {
  await closeServices();
});

describe('The function that withdraws jobs', () => {
  it('says of each why, counts it by its action, and says what is planned anew', async () => {
    const services = {
      remediator: {
        withdrawJobs: () => Promise.resolve([{ jobId: 'j1', action: 'grant-consent', reason: 'It is mended' }]),
        planRefusedAnew: () => Promise.resolve(['Job j2: it is planned anew']),
      },
      close: () => Promise.resolve(),
    };
    provide(() => Promise.resolve(services as unknown as Services));
    const logs: string[] = [];
    const context = { log: (line: string) => void logs.push(line) } as unknown as InvocationContext;
    await withdrawJobs({} as Timer, context);

    const [told, counted, anew] = logs;
    expect(told).toBe('Job j1: withdrawn (It is mended)');
    expect(JSON.parse(counted ?? '')).toEqual({
      metric: 'kerbwatch.remediation',
      unit: 'count',
      value: 1,
      jobId: 'j1',
      action: 'grant-consent',
      outcome: 'withdrawn',
    });
    expect(anew).toBe('Job j2: it is planned anew');
  });
});
