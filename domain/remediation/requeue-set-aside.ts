import type { JobStore, Messages, StoredJob } from '../audit/ports.ts';
import type { Settings } from '../model/settings.ts';
import { requeueJob, type RequeueJobPorts, RequeueRefused } from './requeue-job.ts';
import type { SetAside, SetAsideContent, SetAsideMessage, SetAsideQueue } from './set-aside.ts';

export interface RequeueSetAsidePorts extends RequeueJobPorts {
  readonly setAside: Pick<SetAside, 'take'>;
  readonly jobs: Pick<JobStore, 'find' | 'insert'>;
  readonly messages: Pick<Messages, 'job' | 'auditWork'>;
}

/** What went in the place of a message that was set aside. */
export type Requeued =
  { readonly kind: 'work'; readonly messageId: string } | { readonly kind: 'job'; readonly job: StoredJob };

/**
 * Sends what a message that was set aside asks for once more, under a new message id; the old one is removed only when the
 * new one was taken. A job is tried again as a new attempt of it, whatever the message says of its plan.
 * @param by object id of whoever asks
 * @returns null where there is no such message
 * @throws RequeueRefused for what can never be processed
 */
export async function requeueSetAside(
  { queue, number }: { readonly queue: SetAsideQueue; readonly number: string },
  by: string,
  settings: Settings,
  ports: RequeueSetAsidePorts,
): Promise<Requeued | null> {
  let requeued: Requeued | null = null;
  const taken = await ports.setAside.take(queue, number, async (message, content) => {
    requeued = await inItsPlace(message, content);
  });
  return taken ? requeued : null;

  async function inItsPlace(message: SetAsideMessage, content: SetAsideContent): Promise<Requeued> {
    switch (content.kind) {
      case 'work': {
        // The same whenever it is asked for, so that a crash before the old one is removed sends it once.
        const messageId = `again:${ports.digest(JSON.stringify([message.queue, message.number, message.at]))}`;
        await ports.messages.auditWork([{ messageId, work: content.work, notBefore: null }]);
        return { kind: 'work', messageId };
      }
      case 'job': {
        const stored = await ports.jobs.find(content.jobId);
        if (stored === null)
          throw new RequeueRefused('It names a job that was never stored, so there is none to try again');
        return { kind: 'job', job: await requeueJob(stored, by, settings, ports) };
      }
      case 'none':
        throw new RequeueRefused(content.why);
    }
  }
}
