import { app, type InvocationContext, type Timer } from '@azure/functions';

import { services } from './services.ts';

/** Plans a run of the whole estate; the shards are audited by `audit-work`. */
export async function nightlyAudit(_timer: Timer, context: InvocationContext): Promise<void> {
  const { auditor, newRunId } = await services();
  const run = await auditor.planAudit(newRunId());
  context.log(
    `Run ${run.id}: ${String(run.accounts.inScope)} of ${String(run.accounts.seen)} accounts in ${String(run.shards)} shards, ` +
      `${String(run.gaps.length)} gaps`,
  );
  await auditor.dispatch(context);
}

export function register(): void {
  app.timer('nightly-audit', { schedule: '%KERBWATCH_AUDIT_SCHEDULE%', handler: nightlyAudit });
}
