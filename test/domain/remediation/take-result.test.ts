import { describe, expect, it } from 'vitest';
import { remediationJobFor } from '../../../domain/remediation/job-for-finding.ts';
import type { RemediationJob } from '../../../domain/remediation/job.ts';
import { ResultRefused, takeResult } from '../../../domain/remediation/take-result.ts';
import { known } from '../../../domain/model/collection.ts';
import { reduce } from '../../../domain/findings/reduce.ts';
import { sha256 } from '../../../infra/digest.ts';
import { account, directory, now, resources, settings } from '../build.ts';
import { distinct, memoryPorts, type MemoryPorts } from '../memory-ports.ts';

function jobIn(mode: 'auto' | 'approve'): RemediationJob {
  const verdict = {
    outcome: 'fail',
    severity: 'high',
    title: 'No consent',
    evidence: {},
    deciders: [],
    gaps: [],
  } as const;
  const about = { account: account(), subject: null };
  const cause = { kind: 'nightly', id: 'run-1', actor: { kind: 'unknown', objectId: null } } as const;
  const seen = { kind: 'verdict', rule: 'consent-granted', about, verdict } as const;
  const { next } = reduce(null, seen, { now, factsReadAt: now, cause });
  if (next === null) throw new Error('The finding did not open');
  const job = remediationJobFor({
    finding: next,
    account: account(),
    directory: directory({ oauth2PermissionGrants: known([]) }),
    resources: resources(),
    settings: settings({ remediation: { 'grant-consent': mode } }),
    now,
    correlationId: 'run-1',
    attempt: 1,
    digest: sha256,
  });
  if (job === null) throw new Error('There is no job');
  return job;
}

async function stored(mode: 'auto' | 'approve' = 'auto'): Promise<{ ports: MemoryPorts; job: RemediationJob }> {
  const ports = memoryPorts([account()]);
  const job = jobIn(mode);
  await ports.store.jobs.insert(job);
  return { ports, job };
}

describe('A result', () => {
  it.each(['done', 'failed', 'refused'] as const)('%s starts one verification, and sets no state', async (outcome) => {
    const { ports, job } = await stored();
    const before = await ports.store.jobs.find(job.jobId);

    expect(await takeResult({ jobId: job.jobId, outcome }, settings(), ports)).toBe('verifying');
    expect(ports.sent.work).toEqual([
      {
        messageId: `verify:${job.jobId}:1:said:0`,
        work: {
          kind: 'account',
          accountId: account().id,
          cause: { kind: 'verification', id: job.jobId, actor: { kind: 'unknown', objectId: null } },
        },
        notBefore: now + 60_000,
      },
    ]);
    expect(await ports.store.jobs.find(job.jobId)).toEqual(before);
    expect(ports.store.commits.written).toBe(0);
  });

  it('of a dry run starts none, for nothing was changed', async () => {
    const { ports, job } = await stored();

    expect(await takeResult({ jobId: job.jobId, outcome: 'dry-run' }, settings(), ports)).toBe('nothing-to-verify');
    expect(ports.sent.work).toEqual([]);
  });

  it('is refused when it comes again, whatever it says then', async () => {
    const { ports, job } = await stored();
    await takeResult({ jobId: job.jobId, outcome: 'done' }, settings(), ports);

    await expect(takeResult({ jobId: job.jobId, outcome: 'failed' }, settings(), ports)).rejects.toBeInstanceOf(
      ResultRefused,
    );
    expect(ports.sent.work).toHaveLength(1);
  });

  it('is taken for the same where its message is delivered again after a crash, and another one is not', async () => {
    const { ports, job } = await stored();
    const told = { jobId: job.jobId, outcome: 'done', event: 'e1' } as const;
    const marked: string[] = [];
    const sweeps = {
      ...ports.sweeps,
      mark: async (key: string, at: number) => {
        await ports.sweeps.mark(key, at);
        marked.push(key);
        if (marked.length === 1) throw new Error('The process ends');
      },
    };
    await expect(takeResult(told, settings(), { ...ports, sweeps })).rejects.toThrow('The process ends');

    expect(await takeResult(told, settings(), ports)).toBe('verifying');
    await takeResult({ ...told, event: undefined }, settings(), ports);
    await expect(takeResult({ ...told, event: 'e2' }, settings(), ports)).rejects.toBeInstanceOf(ResultRefused);
    expect(await takeResult(told, settings(), ports)).toBe('verifying');
  });

  it('is refused for a job that is not stored, or was never sent', async () => {
    const { ports, job } = await stored('approve');

    for (const jobId of ['0'.repeat(40), job.jobId]) {
      await expect(takeResult({ jobId, outcome: 'done' }, settings(), ports)).rejects.toBeInstanceOf(ResultRefused);
    }
    expect(ports.sent.work).toEqual([]);
  });

  it('of a job that has ended starts the verification that its end started, and none by hearsay uses that up', async () => {
    const { ports, job } = await stored();
    const [own] = await Array.fromAsync(ports.store.jobs.list());
    if (own === undefined) throw new Error('The job is gone');
    await ports.store.jobs.move(own, 'refused', null);
    await takeResult({ jobId: job.jobId, outcome: 'done' }, settings(), ports);

    expect(distinct(ports.sent).work).toEqual([`verify:${job.jobId}:1:refused:0`]);
  });

  it('of another attempt is another result', async () => {
    const { ports, job } = await stored();
    await takeResult({ jobId: job.jobId, outcome: 'failed' }, settings(), ports);
    const [first] = await Array.fromAsync(ports.store.jobs.list());
    if (first === undefined) throw new Error('The job is gone');
    await ports.store.jobs.move({ ...first, job: { ...job, attempt: 2 } }, 'queued', null);

    expect(await takeResult({ jobId: job.jobId, outcome: 'done' }, settings(), ports)).toBe('verifying');
    expect(distinct(ports.sent).work).toEqual([`verify:${job.jobId}:1:said:0`, `verify:${job.jobId}:2:said:0`]);
  });

  it('that a crash cut short is taken again, and is the same message', async () => {
    for (const when of ['before', 'after'] as const) {
      for (let at = 0; at < 4; at += 1) {
        const { ports, job } = await stored();
        ports.faults.arm(at, when);
        const take = () => takeResult({ jobId: job.jobId, outcome: 'done' }, settings(), ports);
        await take().catch(() => take().catch((error: unknown) => expect(error).toBeInstanceOf(ResultRefused)));
        expect(distinct(ports.sent).work).toEqual([`verify:${job.jobId}:1:said:0`]);
      }
    }
  });
});
