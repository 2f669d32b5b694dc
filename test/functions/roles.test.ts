import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { buildBundle } from '../../infra/build.ts';
import { createFunctionsHost } from '../../infra/local/functions-host/host.ts';
import { createServiceBusBroker, type ServiceBusBroker } from '../../infra/local/service-bus/broker.ts';
import { serviceBusTopology } from '../../infra/names.ts';

const folder = resolve(import.meta.dirname, '../../dist', `test-roles-${String(process.pid)}`);
const bundle = join(folder, 'main.mjs');
let broker: ServiceBusBroker;

beforeAll(async () => {
  await buildBundle({ outfile: bundle });
  broker = createServiceBusBroker({ topology: serviceBusTopology });
  await broker.start();
});
afterAll(async () => {
  await broker.stop();
  await rm(folder, { recursive: true, force: true });
});

const auditor = [
  'api',
  'audit-work',
  'deliver-alert-event-grid',
  'deliver-alert-log-analytics',
  'deliver-alert-slack',
  'deliver-alert-teams',
  'deliver-alert-webhook',
  'directory-watch',
  'dispatch-outbox',
  'nightly-audit',
  'remediation-results',
  'storage-account-changed',
  'sweep',
];

const remediator = ['remediate', 'remediation-api', 'withdraw-jobs'];

function hostWith(role: string, log: (message: string) => void = () => undefined) {
  return createFunctionsHost({
    bundle,
    appSettings: {
      KERBWATCH_ROLE: role,
      ServiceBusConnection: broker.connectionString,
      KERBWATCH_AUDIT_SCHEDULE: '0 0 2 * * *',
      KERBWATCH_OUTBOX_SCHEDULE: '0 * * * * *',
      KERBWATCH_SWEEP_SCHEDULE: '30 */10 * * * *',
      KERBWATCH_WATCH_SCHEDULE: '0 */5 * * * *',
    },
    serviceBusConnectionString: broker.connectionString,
    log: ({ message }) => {
      log(message);
    },
  });
}

describe('KERBWATCH_ROLE', () => {
  it.each([
    ['auditor', auditor],
    ['remediator', remediator],
    ['all', [...auditor, ...remediator].sort()],
    ['audtior', auditor],
  ])('%s decides which functions register', async (role, expected) => {
    const host = hostWith(role);
    await host.start();
    const names = host.functions.map(({ name }) => name).sort();
    await host.stop();

    expect(names).toEqual(expected);
  });

  it('misspelt is told by the first handler that runs, with what belongs there', async () => {
    const host = hostWith('audtior');
    await host.start();
    const failed = await host.runTimer('nightly-audit').catch((error: unknown) => error);
    await host.stop();

    expect(String(failed)).toContain('nightly-audit');
    expect(failed).toMatchObject({
      cause: { message: expect.stringContaining("KERBWATCH_ROLE is 'audtior'") as string },
    });
  });
});
