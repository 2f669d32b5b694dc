import { isSettled } from '../../../domain/remediation/job.ts';
import { jobMessage } from '../../../infra/azure/service-bus/job-message.ts';
import { resultEvent } from '../../../infra/messages/result.ts';
import { queues } from '../../../infra/names.ts';
import { tenantId } from '../../domain/build.ts';
import { wireOf } from '../broker/connection.ts';
import { jobRows } from '../invariants/job-rows.ts';
import type { Simulation } from '../simulation.ts';

/** Who may send to the queues sends what nobody asked for: a result of no job, a job's message with another plan, one again. */
export function misbehave(simulation: Simulation): void {
  const { broker, random, timeline, trace, forged } = simulation;
  const now = timeline.now();
  const what = random.pick(['result of no job', 'other plan', 'job again'] as const);
  if (trace.isOn) trace.say('consumer', `sends a ${what}`);
  if (what === 'result of no job') {
    const messageId = random.hex(32);
    const jobId = random.hex(40);
    forged.add(messageId).add(jobId);
    const body = resultEvent({ jobId, outcome: 'done', reason: null, at: now }, messageId, tenantId);
    broker.send(queues.remediationResults, wireOf({ messageId, body }), now);
    return;
  }
  const known = jobRows(simulation);
  if (known.length === 0) return;
  const { job, state } = random.pick(known);
  const [call] = job.plan.calls;
  if (call === undefined) return;
  const calls = [{ ...call, body: { ...call.body, appRoleAssignmentRequired: true } }];
  const sent = what === 'other plan' ? { ...job, plan: { ...job.plan, calls } } : job;
  const message = jobMessage(sent, { by: random.hex(8), at: now }, { againAt: now });
  // A message of the job as it is does no harm, whoever sends it, unless it has been settled and its attempt is another one.
  if (what === 'other plan' || isSettled(state)) forged.add(String(message.messageId));
  broker.send(queues.remediationJobs, wireOf(message), now);
}
