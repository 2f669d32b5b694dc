import { app, type InvocationContext, type Timer } from '@azure/functions';

import { services } from './services.ts';

/** Sends whatever a commit left behind and nobody sent: after a crash, or when the broker was down. */
export async function dispatchOutbox(_timer: Timer, context: InvocationContext): Promise<void> {
  const { auditor } = await services();
  const { transitions, jobs, alerts } = await auditor.dispatchAll();
  if (transitions + jobs + alerts > 0) {
    context.log(`Sent ${String(transitions)} transitions, ${String(jobs)} jobs, ${String(alerts)} alerts`);
  }
}

export function register(): void {
  app.timer('dispatch-outbox', { schedule: '%KERBWATCH_OUTBOX_SCHEDULE%', handler: dispatchOutbox });
}
