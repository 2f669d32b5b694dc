import { planDigest } from '../../../domain/remediation/same-plan.ts';
import { sha256 } from '../../../infra/digest.ts';
import { guid } from '../../domain/build.ts';
import type { Wrong } from './wrong.ts';

/** Queues what waits for a person, and takes for approved what nobody has decided on. */
export function writeWithoutApproval(): Wrong {
  return {
    parts: (parts) => ({
      ...parts,
      jobs: { ...parts.jobs, insert: (job) => parts.jobs.insert({ ...job, approvalRequired: false }) },
      approvals: {
        ...parts.approvals,
        async find(jobId, attempt) {
          const given = await parts.approvals.find(jobId, attempt);
          const stored = await parts.jobs.find(jobId);
          if (given !== null || stored === null) return given;
          const decided = { decision: 'approved', by: guid(0xa99), at: parts.now(), note: null } as const;
          return {
            ...decided,
            jobId,
            attempt,
            planDigest: planDigest(stored.job.plan, sha256),
            expiresAt: parts.now() + 3_600_000,
          };
        },
      },
    }),
  };
}
