import type { FindingStore, JobStore, Outbox, RunStore } from '../audit/ports.ts';
import type { Finding } from '../findings/finding.ts';
import type { Settings } from '../model/settings.ts';
import type { Digest } from './job.ts';
import { planOfRepair, type PlannedRepair, type PlanPorts } from './plan-of-repair.ts';
import type { PlanMade } from './planned.ts';
import { exclusionOf, type Repair } from './repair.ts';
import type { TaskStore } from './repair-task.ts';
import type { WriteRecords } from './write-record.ts';

export interface PlanRepairPorts extends PlanPorts {
  readonly findings: Pick<FindingStore, 'list'>;
  readonly jobs: Pick<JobStore, 'find'>;
  readonly records: Pick<WriteRecords, 'latest'>;
  readonly tasks: Pick<TaskStore, 'find'>;
  readonly runs: Pick<RunStore, 'latest'>;
  readonly outbox: Pick<Outbox, 'add'>;
  readonly digest: Digest;
}

export interface RepairRequest {
  readonly repair: Repair;
  /** Run, event or job id that led to it. */
  readonly correlationId: string;
  /** How often it was put off. */
  readonly putOff?: number | undefined;
}

/** A repair, with the open findings that it mends. */
export interface About {
  readonly findings: readonly Finding[];
  readonly request: RepairRequest;
  readonly settings: Settings;
  readonly ports: PlanRepairPorts;
}

/** Plans for all, or for as many of the accounts as one job holds; the rest is planned when that one is over. */
export async function fittingPlan({ findings, request: { repair }, settings, ports }: About): Promise<PlannedRepair> {
  const appIds = findings.flatMap(({ subject }) => exclusionOf(subject ?? '')?.appId ?? []);
  let accountIds = findings.flatMap(({ account }) => (account === null ? [] : [account.id]));
  for (;;) {
    const made = await planOfRepair(repair, { accountIds, appIds }, settings, ports);
    if (made.planned.kind !== 'plan' || accountIds.length <= 1 || fitsOneJob(made.planned)) return made;
    accountIds = accountIds.slice(0, Math.ceil(accountIds.length / 2));
  }
}

/** An entity holds 1 MiB and counts two bytes for a character, a message 256 KB, which has the plan whole (contracts). */
function fitsOneJob({ plan, accounts }: PlanMade): boolean {
  const planned = JSON.stringify(plan.calls).length;
  return planned <= 180_000 && planned + JSON.stringify(accounts).length * 1.4 <= 440_000;
}
