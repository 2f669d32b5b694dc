import { noSubscription } from '../findings/place.ts';
import type { Settings } from '../model/settings.ts';
import { finishRun, type FinishRunPorts } from './finish-run.ts';
import { judgeAccounts, type JudgeAccountsPorts } from './judge-accounts.ts';
import { judgeTenant, type JudgeTenantPorts } from './judge-tenant.ts';

export type AuditShardPorts = JudgeAccountsPorts & JudgeTenantPorts & FinishRunPorts;

/** The run or the shard that a message names was never planned. */
export class UnknownShard extends Error {
  override readonly name = 'UnknownShard';
}

/**
 * Audits one shard of a run from the facts the run kept: accounts, or the tenant. A redelivery finds the shard done, or
 * does it again with the same result.
 * @returns the partition that may hold something to send, and whether this was the run's last shard.
 * @throws UnknownShard when the run does not know it.
 */
export async function auditShard(
  runId: string,
  number: number,
  settings: Settings,
  ports: AuditShardPorts,
): Promise<{ readonly subscriptionId: string; readonly runFinished: boolean }> {
  const found = await ports.runs.shard(runId, number);
  if (found === null) {
    throw new UnknownShard(
      `Run ${runId} has no shard ${String(number)}: the message is stale or was not sent by a planner`,
    );
  }
  const { shard, tally } = found;
  if (tally === null) {
    const judge = shard.subscriptionId === noSubscription ? judgeTenant : judgeAccounts;
    await ports.runs.finishShard(runId, number, await judge(shard, settings, ports));
  }
  return { subscriptionId: shard.subscriptionId, runFinished: await finishRun(runId, settings, ports) };
}
