import { app, type InvocationContext } from '@azure/functions';

import { outlast } from './outlast.ts';
import { orReject } from './reject.ts';
import { remediationMetric } from './remediation-metric.ts';
import { services } from './services.ts';

/** The queue's max delivery count: after it the broker dead-letters, so the last try must leave the job settled. */
const lastDelivery = 5;

const settled: readonly string[] = ['done', 'failed', 'refused', 'dry-run'];

/**
 * Carries out a remediation job by its id; the plan in the message is for other consumers, and a message that says something
 * else than the stored job is put aside.
 */
export async function remediate(message: unknown, context: InvocationContext): Promise<void> {
  const { remediator, read, reject, wait } = await services();
  await orReject('remediation-jobs', message, reject, context, async () => {
    const event = read.job(message);
    const { action } = event.data;
    const jobId = await outlast(() => remediator.accept(event), context, wait);
    try {
      const { state, reason } = await outlast(() => remediator.remediate(jobId), context, wait);
      context.log(`Job ${jobId}: ${state}${reason === null ? '' : ` (${reason})`}`);
      if (settled.includes(state)) context.log(remediationMetric({ jobId, action, outcome: state }));
    } catch (error) {
      // deliveryCount may arrive as a Long object from the platform's worker.
      if (Number(context.triggerMetadata?.['deliveryCount'] ?? 1) >= lastDelivery) {
        context.log(remediationMetric({ jobId, action, outcome: 'failed' }));
        await remediator.giveUp(
          jobId,
          `Failed ${String(lastDelivery)} times, at last with: ${error instanceof Error ? error.message : 'an unknown error'}`,
        );
      }
      throw error;
    }
  });
}

export function register(): void {
  app.serviceBusQueue('remediate', {
    connection: 'ServiceBusConnection',
    queueName: 'remediation-jobs',
    isSessionsEnabled: true,
    handler: remediate,
  });
}
