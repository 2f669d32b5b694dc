import type { QueuedWork } from '../audit/ports.ts';
import type { Actor, Cause } from '../findings/finding.ts';
import { tenantKeyOf } from './finding-refusal.ts';
import type { RemediationJob, SettledState } from './job.ts';

/**
 * The audits that verify a job: of each of its accounts, and of its rule where findings are about the tenant. The same end of
 * the same attempt is verified by the same messages, whoever asks for it, so that the broker keeps one of each.
 * @param ended the state in which the job ended; `said` where somebody says that it did, and its row does not, `turned-down`
 * where a person has, and the row follows
 * @param actor who is known to have done it
 * @param notBefore epoch milliseconds: the directory replicates, and what a write changed may not be read at once
 */
export function verificationWork(
  { jobId, attempt, accounts, rule, findings }: RemediationJob,
  ended: SettledState | 'said' | 'turned-down',
  actor: Actor,
  notBefore: number,
): readonly QueuedWork[] {
  const cause: Cause = { kind: 'verification', id: jobId, actor };
  const id = `verify:${jobId}:${String(attempt)}:${ended}`;
  const tenant: QueuedWork = { messageId: `${id}:tenant`, work: { kind: 'tenant-rule', rule, cause }, notBefore };
  return [
    ...accounts.map(({ id: accountId }, index): QueuedWork => ({
      messageId: `${id}:${String(index)}`,
      work: { kind: 'account', accountId, cause },
      notBefore,
    })),
    ...(findings.some((finding) => tenantKeyOf(finding.id) !== null) ? [tenant] : []),
  ];
}
