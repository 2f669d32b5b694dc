import { describe, expect, it } from 'vitest';
import type { StoredJob } from '../../../domain/audit/ports.ts';
import { jobMetrics } from '../../../domain/remediation/job-metrics.ts';
import type { JobState } from '../../../domain/remediation/job.ts';
import { finding, job, noon } from '../../infra/azure/samples.ts';

const hour = 3_600_000;

function stored(name: string, state: JobState, reason: string | null = null): StoredJob {
  const about = job({ jobId: name, findings: [{ id: `${name}/consent-granted`, episode: 1 }] });
  return { job: about, state, report: { at: noon, reason, before: null, after: null, actor: null }, version: '1' };
}

describe('What became of jobs', () => {
  it('counts as verified what is done and found mended after, and times that from the opening of the finding', () => {
    const jobs = [stored('a', 'done'), stored('b', 'done'), stored('c', 'done'), stored('d', 'failed', 'x')];
    const findings = [
      finding('a', { state: 'resolved', openedAt: noon, changedAt: noon + hour }),
      finding('b', { state: 'open' }),
      // It was mended and came back: who knows when is not told.
      finding('c', { state: 'open', episode: 2, flaps: [noon + 2 * hour] }),
      finding('d', { state: 'resolved' }),
    ];
    expect(jobMetrics(jobs, findings, new Set())).toEqual([
      expect.objectContaining({
        action: 'grant-consent',
        planned: 4,
        done: 3,
        verified: 2,
        failed: 1,
        reasons: [{ reason: 'x', jobs: 1 }],
        timeToRepairMs: { p50: hour, p95: hour, longest: hour },
      }),
    ]);
  });

  it('takes the end of a waiver for no proof, although the finding is in another episode since', () => {
    const findings = [
      finding('a', { state: 'open', episode: 2, flaps: [] }),
      // It came back before the job was made.
      finding('b', { state: 'waived', episode: 3, flaps: [noon - 2 * hour] }),
    ];
    expect(jobMetrics([stored('a', 'done'), stored('b', 'done')], findings, new Set())).toMatchObject([
      { done: 2, verified: 0 },
    ]);
  });

  it('takes a finding that is not stored any more for no proof', () => {
    expect(jobMetrics([stored('a', 'done')], [], new Set())).toMatchObject([
      { done: 1, verified: 0, timeToRepairMs: null },
    ]);
  });

  it('counts who was approved by decisions, whatever became of the job after', () => {
    const jobs = [stored('a', 'refused', 'facts'), stored('b', 'refused', 'facts'), stored('c', 'awaiting-approval')];
    expect(jobMetrics(jobs, [], new Set(['a']))).toMatchObject([
      { approved: 1, waiting: 1, refused: 2, reasons: [{ reason: 'facts', jobs: 2 }] },
    ]);
  });

  it('does not count what took a repair back as a repair: the finding that opens again is no proof of one', () => {
    const { job: about, ...rest } = stored('a', 'done');
    const undo: StoredJob = { ...rest, job: { ...about, jobId: 'undo', undoOf: 'a' } };
    const findings = [finding('a', { state: 'open', episode: 2 })];

    expect(jobMetrics([stored('a', 'undone'), undo], findings, new Set(['undo']))).toMatchObject([
      { planned: 1, approved: 0, done: 0, verified: 0, undone: 1 },
    ]);
  });
});
