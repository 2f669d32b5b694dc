import { app, type InvocationContext } from '@azure/functions';

import { type AuditWork, isPassing } from '../infra/services.ts';
import { orReject } from './reject.ts';
import { services } from './services.ts';

/** Audits a shard of a run, or one account, or looks who changed one, and sends what the commits left in the outbox. */
export async function auditWork(message: unknown, context: InvocationContext): Promise<void> {
  const { auditor, read, reject } = await services();
  await orReject('audit-work', message, reject, context, async () => {
    const work = read.auditWork(message);
    try {
      await audit(work);
    } catch (error) {
      if (!isPassing(error)) throw error;
      const waitMs = await auditor.putOff(work);
      context.warn(`Put off for ${String(waitMs / 1000)} s: ${error.message}`);
    }
  });

  async function audit(work: AuditWork): Promise<void> {
    if (work.kind === 'shard') {
      const { runFinished } = await auditor.auditShard(work.runId, work.shard);
      context.log(`Run ${work.runId}: shard ${String(work.shard)} done${runFinished ? ', run finished' : ''}`);
    } else if (work.kind === 'attribute') {
      context.log(`${work.accountId}: who made change ${work.changeId}: ${await auditor.attribute(work)}`);
    } else {
      const { outcome, transitions } = await auditor.auditAccount(work.accountId, work.cause);
      context.log(`${work.accountId}: ${outcome}, ${String(transitions.length)} transitions`);
    }
    await auditor.dispatch(context);
  }
}

export function register(): void {
  app.serviceBusQueue('audit-work', {
    connection: 'ServiceBusConnection',
    queueName: 'audit-work',
    handler: auditWork,
  });
}
