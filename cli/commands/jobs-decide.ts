import { JobDocument } from '../../infra/documents/job-document.ts';
import { answerOf } from '../api/answer-of.ts';
import { exitCode, UsageError } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { jobPath } from '../jobs/paths.ts';
import { withJobs } from '../jobs/with-jobs.ts';
import { jobText } from '../report/job-text.ts';
import { jsonOf } from '../report/json-of.ts';
import type { JobsFormat } from './jobs.ts';

export interface JobsChangeOptions extends JobsFormat {
  readonly settings?: string | undefined;
}

export interface DecisionOptions extends JobsChangeOptions {
  /** planDigest of the job as it was shown, or how it begins. */
  readonly plan: string;
  readonly note?: string | undefined;
}

/** Fewer digits could be those of another plan. */
const fewestDigits = 8;

/** Approves, or turns down, the plan that was shown. @returns the exit code */
export async function decideJob(
  decision: 'approve' | 'reject',
  id: string,
  { plan, note, format, settings }: DecisionOptions,
  io: Io,
): Promise<number> {
  const typed = plan.trim().toLowerCase();
  if (!/^[\da-f]+$/u.test(typed) || typed.length < fewestDigits) {
    throw new UsageError(
      `--plan ${plan}: give it as kerbwatch jobs show ${id} prints it, ${String(fewestDigits)} digits at least.`,
    );
  }
  const path = `${jobPath(id)}/${decision === 'approve' ? 'approval' : 'rejection'}`;
  return change(`jobs ${decision}`, { format, settings }, io, async (api, shown) => {
    const { planDigest } = await shown(jobPath(id));
    if (!planDigest.startsWith(typed)) {
      throw new UsageError(
        `The plan of job ${id} is not the one that you saw (${typed}); kerbwatch jobs show ${id} shows it. Nothing was decided.`,
      );
    }
    return api.send('POST', path, { planDigest, ...(note === undefined ? {} : { note }) });
  });
}

/** Tries a job again, as a new attempt. @returns the exit code */
export async function requeueJob(id: string, options: JobsChangeOptions, io: Io): Promise<number> {
  return change('jobs requeue', options, io, (api) => api.send('POST', `${jobPath(id)}/requeue`));
}

/** Asks for what a job did to be taken back. @returns the exit code */
export async function undoJob(id: string, options: JobsChangeOptions, io: Io): Promise<number> {
  return change('jobs undo', options, io, (api) => api.send('POST', `${jobPath(id)}/undo`));
}

type Sending = Parameters<typeof withJobs>[2];

async function change(
  name: string,
  { format, settings }: JobsChangeOptions,
  io: Io,
  send: (api: Parameters<Sending>[0], shown: (path: string) => Promise<JobDocument>) => Promise<unknown>,
): Promise<number> {
  const job = await withJobs(io, { name, changes: true, queues: true, settings }, async (api, address) => {
    const shown = async (path: string): Promise<JobDocument> =>
      answerOf(JobDocument, await api.send('GET', path), address);
    return answerOf(JobDocument, await send(api, shown), address);
  });
  io.stdout.write(format === 'json' ? jsonOf(job) : `${jobText(job)}\n`);
  return exitCode.clean;
}
