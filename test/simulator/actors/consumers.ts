import { isSettled } from '../../../domain/remediation/job.ts';
import type { JobEvent } from '../../../infra/messages/job.ts';
import { jobMessage } from '../../../infra/azure/service-bus/job-message.ts';
import { type JobResult, resultEvent } from '../../../infra/messages/result.ts';
import { queues } from '../../../infra/names.ts';
import { guid, tenantId } from '../../domain/build.ts';
import { wireOf } from '../broker/connection.ts';
import { jobRows } from '../invariants/job-rows.ts';
import type { Simulation } from '../simulation.ts';

const minute = 60_000;
const outcomes = ['done', 'done', 'done', 'failed', 'refused', 'dry-run'] as const;
const acts = [
  'result of no job',
  'result of a job',
  'result of a job',
  'result of another tenant',
  'result that is none',
  'job with another plan',
  'job again',
] as const;

/** Who may send to the queues sends what nobody asked for, of jobs that there are and of others. */
export function misbehave(simulation: Simulation): void {
  const { random, trace } = simulation;
  const what = random.pick(acts);
  if (trace.isOn) trace.say('consumer', `sends a ${what}`);
  const known = jobRows(simulation);
  const row = known.length === 0 ? null : random.pick(known);
  const jobId = row?.job.jobId ?? random.hex(40);
  switch (what) {
    case 'result of no job':
      sendResult(simulation, { jobId: random.hex(40) });
      break;
    case 'result of a job':
      // Whatever became of it; sometimes more than once, and not with one voice.
      for (let times = random.pick([1, 1, 2, 3]); times > 0; times -= 1) sendResult(simulation, { jobId });
      break;
    case 'result of another tenant':
      sendResult(simulation, { jobId }, (event) => ({ ...event, source: `/kerbwatch/${guid(0xf0e)}` }));
      break;
    case 'result that is none':
      sendResult(simulation, { jobId }, (event) => ({ ...event, data: { jobId, outcome: 'resolved' } }));
      break;
    case 'job with another plan':
    case 'job again':
      if (row !== null) sendJob(simulation, row, what === 'job with another plan');
  }
}

/** A consumer of the customer that takes a job and does nothing: it says that it has, or is silent. */
export function idle(simulation: Simulation, message: unknown): void {
  const { random } = simulation;
  const { jobId } = (message as JobEvent).data;
  for (let times = random.pick([0, 1, 1, 2]); times > 0; times -= 1) sendResult(simulation, { jobId });
}

type Result = ReturnType<typeof resultEvent>;

function sendResult(
  { broker, random, timeline, forged }: Simulation,
  { jobId }: Pick<JobResult, 'jobId'>,
  alter: (event: Result) => object = (event) => event,
): void {
  const messageId = random.hex(32);
  // A result that was put off has lost the id of its message.
  forged.add(messageId).add(jobId);
  const said = { jobId, outcome: random.pick(outcomes), reason: null, at: timeline.now() };
  const body = alter(resultEvent(said, messageId, tenantId));
  const late = random.pick([0, 0, 0, random.between(10, 10 * 60) * minute]);
  broker.send(queues.remediationResults, wireOf({ messageId, body }), timeline.now() + late);
}

function sendJob(
  { broker, random, timeline, forged }: Simulation,
  { job, state }: ReturnType<typeof jobRows>[number],
  withOtherPlan: boolean,
): void {
  const now = timeline.now();
  const [call] = job.plan.calls;
  if (call === undefined) return;
  const calls = [{ ...call, body: { ...call.body, appRoleAssignmentRequired: true } }];
  const sent = withOtherPlan ? { ...job, plan: { ...job.plan, calls } } : job;
  const message = jobMessage(sent, { by: random.hex(8), at: now }, { againAt: now });
  // A message of the job as it is does no harm, whoever sends it, unless it has been settled and its attempt is another one.
  if (withOtherPlan || isSettled(state)) forged.add(String(message.messageId));
  broker.send(queues.remediationJobs, wireOf(message), now);
}
