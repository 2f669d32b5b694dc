import type { ReceivedAlert } from '../../infra/local/webhook-receiver.ts';
import { startBenchCloud } from './bench-cloud.ts';
import { writeBigEstate } from './big-estate.ts';
import { benchEventLatency } from './event-latency.ts';
import { benchSecondAudit } from './second-audit.ts';

/** What is measured with the functions running, over a small estate written to `directory`. */
export async function benchEmbeddedCloud(directory: string): Promise<void> {
  await writeBigEstate(directory, { accounts: 300, kerberos: 60 }, new Date());
  const alerts: ReceivedAlert[] = [];
  const cloud = await startBenchCloud(directory, alerts);
  try {
    await benchSecondAudit(cloud);
    await benchEventLatency(cloud, alerts);
  } finally {
    await cloud.stop();
  }
}
