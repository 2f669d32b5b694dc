import { app, type InvocationContext, type Timer } from '@azure/functions';

import { remediationMetric } from './remediation-metric.ts';
import { services } from './services.ts';

/** Every hour: what is planned for a job that nobody has taken may have come to nothing long before anybody decides on it. */
const schedule = '0 23 * * * *';

/** Withdraws the jobs that nobody needs any more, has planned anew what was refused in passing, and says why. */
export async function withdrawJobs(_timer: Timer, context: InvocationContext): Promise<void> {
  const { remediator } = await services();
  for (const { jobId, action, reason } of await remediator.withdrawJobs()) {
    context.log(`Job ${jobId}: withdrawn (${reason})`);
    context.log(remediationMetric({ jobId, action, outcome: 'withdrawn' }));
  }
  for (const done of await remediator.planRefusedAnew()) context.log(done);
}

export function register(): void {
  app.timer('withdraw-jobs', { schedule, handler: withdrawJobs });
}
