import type { Approval } from '../../../domain/remediation/approval.ts';
import type { BrakeState } from '../../../domain/remediation/brakes.ts';
import type { CallOff } from '../../../domain/remediation/call-off.ts';
import { planDigest } from '../../../domain/remediation/same-plan.ts';
import { unpackJson } from '../../../infra/azure/tables/json-properties.ts';
import { padded } from '../../../infra/azure/tables/keys.ts';
import { sha256 } from '../../../infra/digest.ts';
import type { Simulation } from '../simulation.ts';
import type { TenantWrite } from '../tenant/executor.ts';
import { jobOfCall } from './job-rows.ts';

/** Longer than what lies between the last look at an approval, or a brake, and the write: some slow calls, and clocks apart. */
const lastInstant = 10 * 60_000;

/** What waits for a person whatever settings say (contracts, Approvals). */
const neverAlone: ReadonlySet<string> = new Set([
  'exclude-app-from-policy',
  'replace-dangling-exclusion',
  'allow-aes256-kerberos',
]);

/** What put back weakens security or interrupts users, and waits for another person than the one who asks (docs/remediation.md). */
const neverUndoneAlone: ReadonlySet<string> = new Set([
  'remove-orphaned-exclusion',
  'replace-dangling-exclusion',
  'allow-aes256-kerberos',
]);

/** Held against each write as it takes effect: somebody else than who asked has approved this plan, nobody called it off, and no kill switch is on. */
export function noWriteWithoutApproval(simulation: Simulation, { call }: TenantWrite): void {
  const { store, settings, timeline, violations } = simulation;
  const now = timeline.now();
  const told = `${call.method} ${call.url}`;
  const brakes = store.approvals.get('brakes', 'state');
  const { killSwitch } = brakes === null ? { killSwitch: null } : (unpackJson('body', brakes.properties) as BrakeState);
  if (killSwitch?.on === true && now - killSwitch.at > lastInstant)
    violations.add(`Written while the kill switch was on: ${told}`);
  const job = jobOfCall(simulation, call);
  if (job === null) return;
  const off = store.approvals.get(job.jobId, `${padded(job.attempt)}~called-off`);
  const calledOff = off === null ? null : (unpackJson('body', off.properties) as CallOff);
  if (calledOff !== null && now - calledOff.at > lastInstant)
    violations.add(`Written after a person had called it off: ${told}`);
  const { action } = job.plan;
  const isWaitedFor =
    job.undoOf === undefined
      ? settings.remediation[action] === 'approve' || neverAlone.has(action)
      : neverUndoneAlone.has(action);
  if (!job.approvalRequired && !isWaitedFor) return;
  const row = store.approvals.get(job.jobId, padded(job.attempt));
  const approval = row === null ? null : (unpackJson('body', row.properties) as Approval);
  const why = whyNotLive(approval);
  if (why !== null) violations.add(`Written without a live approval, ${why}: ${action}, ${told}`);

  function whyNotLive(given: Approval | null): string | null {
    if (given === null) return 'for there is none';
    if (given.decision !== 'approved') return 'for it was rejected';
    if (given.by === job?.requestedBy || settings.brakes.requesters.includes(given.by))
      return 'for it is the requester’s';
    if (job === null || given.planDigest !== planDigest(job.plan, sha256)) return 'for it is of another plan';
    return now - given.expiresAt > lastInstant ? 'for it has expired' : null;
  }
}
