import { approveJob, type Decision } from '../../../domain/remediation/approval.ts';
import { switchKill } from '../../../domain/remediation/kill-switch.ts';
import { planDigest } from '../../../domain/remediation/same-plan.ts';
import { turnDownJob } from '../../../domain/remediation/turn-down-job.ts';
import { sha256 } from '../../../infra/digest.ts';
import { guid } from '../../domain/build.ts';
import type { Instance, Slot } from '../instance.ts';
import type { Simulation } from '../simulation.ts';
import { requester } from '../seed-settings.ts';
import { checkOutcome } from '../unexpected.ts';
import { askApi } from './over-http.ts';

/** Any of them may ask for a job to be taken back or tried again too; then another one approves it. */
export const approvers = [guid(0xa91), guid(0xa92)] as const;

/** What people do about jobs, each with how often; most approve what they are shown. */
const acts = ['approve', 'approve', 'approve', 'reject', 'call-off', 'own-request', 'older-plan'] as const;

/** Somebody looks at what waits for an approval, or is on its way, and decides; who may not, tries. */
export function decideOnJob(simulation: Simulation, remediators: readonly Instance[]): void {
  const { random } = simulation;
  const act = simulation.weather.calm ? 'approve' : random.pick(acts);
  runOn(simulation, remediators, act, async (slot) => {
    const { parts } = slot;
    const states = ['awaiting-approval', ...(act === 'call-off' ? (['queued', 'running'] as const) : [])] as const;
    const waiting = (await Promise.all(states.map((state) => Array.fromAsync(parts.jobs.list(state))))).flat();
    if (waiting.length === 0) return;
    const { job } = random.pick(waiting);
    const digest = planDigest(job.plan, sha256);
    const decision = {
      jobId: job.jobId,
      planDigest: act === 'older-plan' ? sha256(digest) : digest,
      by: act === 'own-request' ? (job.requestedBy ?? requester) : random.pick(approvers),
      note: null,
    };
    const isNo = act === 'reject' || act === 'call-off';
    // Second thoughts come right after the approval, while the job is on its way.
    if (act === 'call-off') await approveJob({ ...decision, by: approvers[0] }, parts.settings, parts);
    const isApproved = random.chance(0.5)
      ? await decidedOverHttp(simulation, slot, decision, isNo ? 'rejection' : 'approval')
      : (await (isNo ? turnDownJob : approveJob)(decision, parts.settings, parts)).outcome === 'approved';
    if ((act === 'own-request' || act === 'older-plan') && isApproved)
      simulation.violations.add(`Job ${job.jobId} was approved by ${act}`);
  });
}

/** @returns whether it was taken */
async function decidedOverHttp(
  simulation: Simulation,
  slot: Slot,
  { jobId, planDigest: digest, by }: Decision,
  what: 'approval' | 'rejection',
): Promise<boolean> {
  const body = { planDigest: digest };
  const { status } = await askApi(simulation, slot, by, 'POST', `/jobs/${jobId}/${what}`, body);
  return status === 200;
}

/** Somebody stops all writes, and lets them go on hours later. */
export function pullKillSwitch(simulation: Simulation, remediators: readonly Instance[]): void {
  const change = (on: boolean): void => {
    runOn(simulation, remediators, `kill switch ${on ? 'on' : 'off'}`, async (slot) => {
      const asked = { on, reason: 'to be safe' };
      if (simulation.random.chance(0.5))
        await askApi(simulation, slot, approvers[0], 'PUT', '/brakes/kill-switch', asked);
      else await switchKill({ ...asked, by: approvers[0] }, slot.parts);
    });
  };
  change(true);
  simulation.timeline.after(simulation.random.between(1, 12) * 3_600_000, () => {
    change(false);
  });
}

export function runOn(
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
