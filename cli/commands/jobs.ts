import { jobPath, queryOf } from '../jobs/paths.ts';
import { JobsAnswer } from '../../infra/api/remediation-operations/list-jobs.ts';
import { JobMetricsAnswer } from '../../infra/api/remediation-operations/get-metrics.ts';
import { TasksAnswer } from '../../infra/api/remediation-operations/list-tasks.ts';
import { JobDocument } from '../../infra/documents/job-document.ts';
import { answerOf } from '../api/answer-of.ts';
import { exitCode } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { withJobs } from '../jobs/with-jobs.ts';
import { jobText, taskLines } from '../report/job-text.ts';
import { jobsTable, metricsTable } from '../report/jobs-table.ts';
import { jsonOf } from '../report/json-of.ts';

export interface JobsFormat {
  readonly format: 'table' | 'json';
}

export interface JobsListOptions extends JobsFormat {
  readonly state?: string | undefined;
  readonly action?: string | undefined;
  readonly limit?: string | undefined;
}

/** What somebody who looks for the first time has to know. */
const whyNone =
  'Jobs are planned for findings that open or get worse from the second audit of a subscription on: the first is a baseline,\n' +
  'whose findings get none. kerbwatch findings lists those; kerbwatch jobs tasks what a person has to do.\n';

/** Lists jobs, the youngest first. @returns the exit code */
export async function listJobs({ format, ...asked }: JobsListOptions, io: Io): Promise<number> {
  const { jobs, total, fitting, schema } = await look(io, 'jobs list', `/jobs${queryOf({ ...asked })}`, JobsAnswer);
  if (format === 'json') io.stdout.write(jsonOf({ schema, total, fitting, jobs }));
  else {
    const more = fitting > jobs.length ? ` ${String(fitting - jobs.length)} more fit (--limit).` : '';
    const others = total - fitting;
    const left = others === 0 ? '' : ` ${String(others)} are left out (--state all shows all).`;
    const count = `${String(jobs.length)} of ${String(total)} jobs.${more}${left}\n`;
    io.stdout.write(jobs.length === 0 ? `${count}${total === 0 ? whyNone : ''}` : `${jobsTable(jobs)}\n\n${count}`);
  }
  return exitCode.clean;
}

/** Shows one job with its plan and what that does. @returns the exit code */
export async function showJob(id: string, { format }: JobsFormat, io: Io): Promise<number> {
  const job = await look(io, 'jobs show', jobPath(id), JobDocument);
  io.stdout.write(format === 'json' ? jsonOf(job) : `${jobText(job)}\n`);
  return exitCode.clean;
}

/** What became of the jobs, by action. @returns the exit code */
export async function summariseJobs({ format }: JobsFormat, io: Io): Promise<number> {
  const metrics = await look(io, 'jobs summary', '/metrics', JobMetricsAnswer);
  if (format === 'json') io.stdout.write(jsonOf(metrics));
  else io.stdout.write(metrics.actions.length === 0 ? 'No job was ever planned.\n' : `${metricsTable(metrics)}\n`);
  return exitCode.clean;
}

/** What people have to do where no plan may. @returns the exit code */
export async function listTasks({ format }: JobsFormat, io: Io): Promise<number> {
  const document = await look(io, 'jobs tasks', '/tasks', TasksAnswer);
  if (format === 'json') io.stdout.write(jsonOf(document));
  else {
    const { tasks } = document;
    io.stdout.write(
      tasks.length === 0
        ? 'Nothing waits for a person.\n'
        : `${tasks
            .flatMap((task) => taskLines(task))
            .join('\n')
            .trimStart()}\n`,
    );
  }
  return exitCode.clean;
}

function look<Answer extends Parameters<typeof answerOf>[0]>(
  io: Io,
  name: string,
  path: string,
  answer: Answer,
): Promise<ReturnType<typeof answerOf<Answer>>> {
  return withJobs(io, { name, changes: false, queues: false }, async (api, address) =>
    answerOf(answer, await api.send('GET', path), address),
  );
}
