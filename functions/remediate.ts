import { app, type InvocationContext } from '@azure/functions';

import { outlast } from './outlast.ts';
import { orReject } from './reject.ts';
import { services } from './services.ts';

/** The queue's max delivery count: after it the broker dead-letters, so the last try must leave the job settled. */
const lastDelivery = 5;

const settled: readonly string[] = ['done', 'failed', 'refused', 'dry-run'];

/** One JSON line, so that Application Insights can be asked for the count by outcome. */
function metricOf(jobId: string, outcome: string): string {
  return JSON.stringify({ metric: 'kerbwatch.remediation', unit: 'count', value: 1, jobId, outcome });
}

/**
 * Carries out a remediation job by its id; the plan in the message is for other consumers, and a message that says something
 * else than the stored job is put aside.
 */
export async function remediate(message: unknown, context: InvocationContext): Promise<void> {
  const { remediator, read, reject, wait } = await services();
  await orReject('remediation-jobs', message, reject, context, async () => {
    const event = read.job(message);
    const jobId = await outlast(() => remediator.accept(event), context, wait);
    try {
      const { state, reason } = await outlast(() => remediator.remediate(jobId), context, wait);
      context.log(`Job ${jobId}: ${state}${reason === null ? '' : ` (${reason})`}`);
      if (settled.includes(state)) context.log(metricOf(jobId, state));
    } catch (error) {
      // deliveryCount may arrive as a Long object from the platform's worker.
      if (Number(context.triggerMetadata?.['deliveryCount'] ?? 1) >= lastDelivery) {
        context.log(metricOf(jobId, 'failed'));
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
