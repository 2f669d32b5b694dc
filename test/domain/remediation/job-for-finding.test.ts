import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../domain/findings/finding.ts';
import { type Observation, reduce } from '../../../domain/findings/reduce.ts';
import type { ActionMode } from '../../../domain/model/settings.ts';
import { remediationJobFor } from '../../../domain/remediation/job-for-finding.ts';
import { jobMessageId, type RemediationJob } from '../../../domain/remediation/job.ts';
import { sha256 } from '../../../infra/digest.ts';
import { known } from '../../../domain/model/collection.ts';
import { account, directory, now, principalId, resources, settings } from '../build.ts';

type Changes = Partial<Omit<Finding, 'account' | 'subject'>>;

function finding(over: Changes = {}): Finding {
  const observation: Observation = {
    kind: 'verdict',
    rule: 'consent-granted',
    about: { account: account(), subject: null },
    verdict: { outcome: 'fail', severity: 'critical', title: 'No consent', evidence: {}, deciders: [], gaps: [] },
  };
  const cause = { kind: 'nightly', id: 'run-1', actor: { kind: 'unknown', objectId: null } } as const;
  const { next } = reduce(null, observation, { now, factsReadAt: now, cause });
  if (next === null) throw new Error('The finding did not open');
  return { ...next, ...over };
}

function jobFor(mode: ActionMode | undefined, over: Changes = {}, at = now, attempt = 1): RemediationJob | null {
  return remediationJobFor({
    finding: finding(over),
    account: account(),
    directory: directory({ oauth2PermissionGrants: known([]) }),
    resources: resources(),
    settings: settings({ remediation: mode === undefined ? {} : { 'grant-consent': mode } }),
    now: at,
    correlationId: 'run-1',
    attempt,
    digest: sha256,
  });
}

describe('The job for a finding', () => {
  it('is none where the action is off', () => {
    expect(jobFor('off')).toBeNull();
  });

  it.each<[ActionMode | undefined, boolean, boolean]>([
    [undefined, true, false],
    ['dry-run', true, false],
    ['approve', false, true],
    ['auto', false, false],
  ])('for mode %s: dry run %s, approval %s', (mode, dryRun, approvalRequired) => {
    expect(jobFor(mode)).toMatchObject({ dryRun, approvalRequired, plan: { action: 'grant-consent', risk: 'safe' } });
  });

  it('names its findings with their episode, its run, and lives for a day', () => {
    expect(jobFor('auto')).toMatchObject({
      findings: [{ id: 'contosoprofiles/consent-granted', episode: 1 }],
      accounts: [{ id: account().id }],
      plan: { target: { type: 'servicePrincipal', id: principalId } },
      attempt: 1,
      correlationId: 'run-1',
      notBefore: now,
      expiresAt: now + 86_400_000,
    });
  });

  it('has the same id whenever it is made, and another for another episode', () => {
    const jobs = [jobFor('auto'), jobFor('auto', {}, now + 1000), jobFor('auto', { episode: 2 })];
    const ids = jobs.map((job) => (job === null ? '' : job.jobId));
    const messages = jobs.map((job) => (job === null ? '' : jobMessageId(job, sha256)));

    expect(ids[0]).toBe(ids[1]);
    expect(ids[0]).not.toBe(ids[2]);
    expect(messages[0]).toBe(messages[1]);
    expect(messages[0]).not.toBe(messages[2]);
  });

  it('is a job of its own when it is planned anew, with another id and another message', () => {
    const [first, second] = [jobFor('auto'), jobFor('auto', {}, now, 2)];
    if (first === null || second === null) throw new Error('There is no job');

    expect(second.jobId).not.toBe(first.jobId);
    expect(jobMessageId(second, sha256)).not.toBe(jobMessageId(first, sha256));
  });

  it('has another message id when it is requeued, and the same job id', () => {
    const job = jobFor('auto');
    if (job === null) throw new Error('There is no job');
    expect(jobMessageId({ ...job, attempt: 2 }, sha256)).not.toBe(jobMessageId(job, sha256));
    expect(jobMessageId(job, sha256)).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([{ outcome: 'warn' }, { outcome: 'unknown' }, { rule: 'mfa-excluded' }] as const)(
    'is none for what no action mends by itself: %j',
    (over) => {
      expect(jobFor('auto', over)).toBeNull();
    },
  );
});
