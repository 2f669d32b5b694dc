import { app, type InvocationContext, type Timer } from '@azure/functions';

import { services } from './services.ts';

/** Ends expired waivers, announces those that end soon, and repairs what a crash left half done; says what it did. */
export async function sweep(_timer: Timer, context: InvocationContext): Promise<void> {
  const { auditor } = await services();
  try {
    for (const done of await auditor.sweep()) context.log(done);
  } finally {
    await auditor.dispatch(context);
  }
}

export function register(): void {
  app.timer('sweep', { schedule: '%KERBWATCH_SWEEP_SCHEDULE%', handler: sweep });
}
