import type { Messages, StoredJob } from '../audit/ports.ts';
import type { Settings } from '../model/settings.ts';
import type { RemediationJob } from './job.ts';
import { verificationWork } from './verification-work.ts';

const nobody = { kind: 'unknown', objectId: null } as const;

/**
 * Ends a job that a person has turned down, and has audited what waits for its repair, as after any job that was refused: before
 * it ends, since nobody comes again for what a crash leaves out, and after, since an audit before says nothing of the job.
 */
export async function endTurnedDown(
  job: RemediationJob,
  settings: Settings,
  { messages, now }: { readonly messages: Pick<Messages, 'auditWork'>; readonly now: () => number },
  end: () => Promise<StoredJob>,
): Promise<StoredJob> {
  const audit = async (ended: 'turned-down' | 'refused'): Promise<void> =>
    messages.auditWork(verificationWork(job, ended, nobody, now() + settings.watch.debounceSeconds * 1000));
  await audit('turned-down');
  const ended = await end();
  await audit('refused');
  return ended;
}
