import { app, type InvocationContext } from '@azure/functions';

import { orReject } from './reject.ts';
import { services } from './services.ts';

/** Takes what a consumer says of a job as a hint to look; what tells nothing new is put aside and counted. */
export async function remediationResults(message: unknown, context: InvocationContext): Promise<void> {
  const { auditor, read, reject } = await services();
  await orReject('remediation-results', message, reject, context, async () => {
    const result = read.result(message);
    context.log(`Job ${result.jobId}, said to be ${result.outcome}: ${await auditor.takeResult(result)}`);
  });
}

export function register(): void {
  app.serviceBusQueue('remediation-results', {
    connection: 'ServiceBusConnection',
    queueName: 'remediation-results',
    handler: remediationResults,
  });
}
