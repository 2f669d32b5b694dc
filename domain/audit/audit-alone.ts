import type { Cause } from '../findings/finding.ts';
import type { StorageAccount } from '../model/storage-account.ts';
import type { Digest } from '../remediation/job.ts';
import type { Messages } from './ports.ts';

export interface AuditAlonePorts {
  readonly messages: Pick<Messages, 'auditWork'>;
  readonly digest: Digest;
}

/**
 * Queues an audit of its own for each of these accounts of a run, from facts that it reads then. The same run and reason are
 * the same messages.
 * @param notBefore epoch milliseconds; null: at once
 */
export async function auditAlone(
  accounts: readonly Pick<StorageAccount, 'id' | 'key'>[],
  {
    runId,
    why,
    notBefore,
  }: { readonly runId: string; readonly why: 'changed' | 'late'; readonly notBefore: number | null },
  { messages, digest }: AuditAlonePorts,
): Promise<void> {
  if (accounts.length === 0) return;
  const cause: Cause = { kind: 'nightly', id: runId, actor: { kind: 'unknown', objectId: null } };
  await messages.auditWork(
    accounts.map(({ id, key }) => ({
      messageId: digest(`${runId}|${key}|${why}`),
      work: { kind: 'account', accountId: id, cause },
      notBefore,
    })),
  );
}
