import { app, type InvocationContext } from '@azure/functions';

import { isPassing } from '../infra/services.ts';
import { orReject } from './reject.ts';
import { services } from './services.ts';

/**
 * Takes what a consumer says of a job as a hint to look; what tells nothing new is put aside and counted. While the store
 * cannot be reached it waits with the audits that do: a message given back would come again at once, and end in the dead
 * letters within seconds.
 */
export async function remediationResults(message: unknown, context: InvocationContext): Promise<void> {
  const { auditor, read, reject } = await services();
  await orReject('remediation-results', message, reject, context, async () => {
    const result = read.result(message);
    try {
      context.log(`Job ${result.jobId}, said to be ${result.outcome}: ${await auditor.takeResult(result)}`);
    } catch (error) {
      if (!isPassing(error)) throw error;
      const waitMs = await auditor.putOff({ kind: 'result', result });
      context.warn(`Put off for ${String(waitMs / 1000)} s: ${error.message}`);
    }
  });
}

export function register(): void {
  app.serviceBusQueue('remediation-results', {
    connection: 'ServiceBusConnection',
    queueName: 'remediation-results',
    handler: remediationResults,
  });
}
