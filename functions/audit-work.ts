import { app, type InvocationContext } from '@azure/functions';

import { type AuditWork, isPassing } from '../infra/services.ts';
import { orReject } from './reject.ts';
import { services } from './services.ts';

/** Audits a shard of a run, an account or a rule about the tenant, looks who changed one, takes a result that was put off, or plans a repair, and sends what the commits left in the outbox. */
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
    context.log(await done(work));
    await auditor.dispatch(context);
  }

  /** A sentence. */
  async function done(work: AuditWork): Promise<string> {
    switch (work.kind) {
      case 'shard': {
        const { runFinished } = await auditor.auditShard(work.runId, work.shard);
        return `Run ${work.runId}: shard ${String(work.shard)} done${runFinished ? ', run finished' : ''}`;
      }
      case 'attribute':
        return `${work.accountId}: who made change ${work.changeId}: ${await auditor.attribute(work)}`;
      case 'account': {
        const { outcome, transitions } = await auditor.auditAccount(work.accountId, work.cause);
        return `${work.accountId}: ${outcome}, ${String(transitions.length)} transitions`;
      }
      case 'tenant-rule': {
        const transitions = await auditor.verifyTenantRule(work.rule, work.cause);
        return `${work.rule}: ${String(transitions.length)} transitions`;
      }
      case 'result':
        return `Job ${work.result.jobId}, said to be ${work.result.outcome}: ${await auditor.takeResult(work.result)}`;
      case 'collision': {
        const transitions = await auditor.judgeCollision(work.collision);
        return `Collision of job ${work.collision.jobId}: ${String(transitions.length)} transitions`;
      }
      case 'repair-queued': {
        const transitions = await auditor.markRepairing(work.jobId);
        return `Job ${work.jobId}: ${String(transitions.length)} findings are being mended by it`;
      }
      case 'plan-repair':
        return auditor.planRepair(work);
    }
  }
}

export function register(): void {
  app.serviceBusQueue('audit-work', {
    connection: 'ServiceBusConnection',
    queueName: 'audit-work',
    handler: auditWork,
  });
}
