import { describe, expect, it } from 'vitest';
import type { StoredJob } from '../../../domain/audit/ports.ts';
import { notBegun } from '../../../domain/remediation/job-progress.ts';
import { requeueJob, RequeueRefused } from '../../../domain/remediation/requeue-job.ts';
import { settings } from '../build.ts';
import { memoryPorts } from '../memory-ports.ts';
import { job, noon } from '../../infra/azure/samples.ts';

const given = settings({ remediation: { 'grant-consent': 'auto' } });
const expiresAt = noon + 1000;
const claimedUntil = noon + 2000;

/** A job that somebody took and may still be at. */
const left: StoredJob = {
  job: job({ expiresAt }),
  state: 'running',
  report: null,
  progress: { ...notBegun, claimedUntil },
  version: '1',
};

function requeued(at: number): Promise<StoredJob> {
  const ports = memoryPorts([]);
  ports.world.now = at;
  return requeueJob(left, 'jo', given, ports);
}

describe('A job that somebody took and left', () => {
  it('is tried again as a new attempt once it has expired and its claim is over', async () => {
    expect(await requeued(claimedUntil)).toMatchObject({ state: 'queued', job: { attempt: 2, requestedBy: 'jo' } });
  });

  it.each([expiresAt, claimedUntil - 1])('is not while somebody may be at it', async (at) => {
    await expect(requeued(at)).rejects.toBeInstanceOf(RequeueRefused);
  });
});
