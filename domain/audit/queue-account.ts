import type { Actor } from '../findings/finding.ts';
import type { Settings } from '../model/settings.ts';
import type { Digest } from '../remediation/job.ts';
import type { Messages } from './ports.ts';

/** A change that somebody says has happened to an account: a hint to look, nothing more (law 2). */
export interface AccountHint {
  readonly eventId: string;
  /** ARM id of the storage account, any case. */
  readonly accountId: string;
  readonly actor: Actor;
}

/**
 * Queues the audit of one account for the end of the debounce window that now is in: all hints of one window are one
 * message, and the state read is the last one in it. A later hint has another window and so another message.
 */
export async function queueAccount(
  hint: AccountHint,
  settings: Settings,
  ports: { readonly messages: Messages; readonly now: () => number; readonly digest: Digest },
): Promise<void> {
  const windowMs = settings.watch.debounceSeconds * 1000;
  const now = ports.now();
  const window = windowMs === 0 ? hint.eventId : String(Math.floor(now / windowMs));
  await ports.messages.auditWork([
    {
      messageId: ports.digest(`${hint.accountId.toLowerCase()}|${window}`),
      work: {
        kind: 'account',
        accountId: hint.accountId,
        cause: { kind: 'event', id: hint.eventId, actor: hint.actor },
      },
      notBefore: windowMs === 0 ? null : (Math.floor(now / windowMs) + 1) * windowMs,
    },
  ]);
}
