import { approveJob } from '../../../domain/remediation/approval.ts';
import { switchKill } from '../../../domain/remediation/kill-switch.ts';
import { planDigest } from '../../../domain/remediation/same-plan.ts';
import { turnDownJob } from '../../../domain/remediation/turn-down-job.ts';
import { sha256 } from '../../../infra/digest.ts';
import { guid } from '../../domain/build.ts';
import type { Instance, Slot } from '../instance.ts';
import type { Simulation } from '../simulation.ts';
import { requester } from '../seed-settings.ts';
import { checkOutcome } from '../unexpected.ts';

const approvers = [guid(0xa91), guid(0xa92)] as const;

/** What people do about jobs, each with how often; most approve what they are shown. */
const acts = ['approve', 'approve', 'approve', 'reject', 'call-off', 'own-request', 'older-plan'] as const;

/** Somebody looks at what waits for an approval, or is on its way, and decides; who may not, tries. */
export function decideOnJob(simulation: Simulation, remediators: readonly Instance[]): void {
  const { random } = simulation;
  const act = simulation.weather.calm ? 'approve' : random.pick(acts);
  runOn(simulation, remediators, act, async ({ parts }) => {
    const states = ['awaiting-approval', ...(act === 'call-off' ? (['queued', 'running'] as const) : [])] as const;
    const waiting = (await Promise.all(states.map((state) => Array.fromAsync(parts.jobs.list(state))))).flat();
    if (waiting.length === 0) return;
    const { job } = random.pick(waiting);
    const digest = planDigest(job.plan, sha256);
    const decision = {
      jobId: job.jobId,
      planDigest: act === 'older-plan' ? sha256(digest) : digest,
      by: act === 'own-request' ? requester : random.pick(approvers),
      note: null,
    };
    const decide = act === 'reject' || act === 'call-off' ? turnDownJob : approveJob;
    // Second thoughts come right after the approval, while the job is on its way.
    if (act === 'call-off') await approveJob({ ...decision, by: approvers[0] }, parts.settings, parts);
    const { outcome } = await decide(decision, parts.settings, parts);
    if ((act === 'own-request' || act === 'older-plan') && outcome === 'approved')
      simulation.violations.add(`Job ${job.jobId} was approved by ${act}`);
  });
}

/** Somebody stops all writes, and lets them go on hours later. */
export function pullKillSwitch(simulation: Simulation, remediators: readonly Instance[]): void {
  const change = (on: boolean): void => {
    runOn(simulation, remediators, `kill switch ${on ? 'on' : 'off'}`, async ({ parts }) => {
      await switchKill({ on, by: approvers[0], reason: 'to be safe' }, parts);
    });
  };
  change(true);
  simulation.timeline.after(simulation.random.between(1, 12) * 3_600_000, () => {
    change(false);
  });
}

function runOn(
  simulation: Simulation,
  remediators: readonly Instance[],
  what: string,
  run: (slot: Slot) => Promise<void>,
): void {
  const up = remediators.filter((one) => one.isUp());
  if (up.length === 0) return;
  simulation.random.pick(up).start({
    what,
    failedBefore: 0,
    run,
    ended(outcome) {
      checkOutcome(simulation, what, outcome);
    },
  });
}
