import { type Command, Option } from 'commander';
import type { KillSwitchOptions } from './commands/jobs-brakes.ts';
import type { DecisionOptions, JobsChangeOptions } from './commands/jobs-decide.ts';
import type { JobsFormat, JobsListOptions } from './commands/jobs.ts';
import { addConformance } from './conformance-command.ts';
import type { Io } from './io.ts';
import { oneOf } from './one-of.ts';

type Finished = (code: number) => void;

const jobId = 'the id of a job, as jobs list prints it, or its first 8 digits or more';
const where = `
Jobs are asked for at the remediator's HTTP API, which KERBWATCH_REMEDIATION_API names; without it, in the store that
AzureWebJobsStorage names.`;
const whatChanges = `
Changes go through the remediator's HTTP API, which KERBWATCH_REMEDIATION_API names; without it, directly into the embedded
cloud (AzureWebJobsStorage, ServiceBusConnection) and nowhere else.`;

/** Adds the commands about remediation jobs. */
export function addJobsCommands(program: Command, io: Io, finished: Finished): void {
  const jobs = program
    .command('jobs')
    .description(
      'remediation: list, show, summary, tasks, approve, reject, requeue, undo, brakes, stop, go, release, dead-letter, rejected, conformance',
    );
  addLooks(jobs, io, finished);
  addDecisions(jobs, io, finished);
  addBrakes(jobs, io, finished);
  addSetAside(jobs, 'dead-letter', '<queue> <message>', io, finished);
  addSetAside(jobs, 'rejected', '<message>', io, finished);
  addConformance(jobs, io, finished);
}

function addLooks(jobs: Command, io: Io, finished: Finished): void {
  jobs
    .command('list')
    .description('jobs, the youngest first')
    .option('--state <states>', 'comma list, or all; those that are not over where absent')
    .option('--action <action>', 'of one action')
    .option('--limit <n>', 'as many at most')
    .addOption(format())
    .addHelpText('after', where)
    .action(async (options: JobsListOptions) => {
      const { listJobs } = await import('./commands/jobs.ts');
      finished(await listJobs(options, io));
    });
  jobs
    .command('show')
    .description('one job: what it writes and where, what that does and to whom, and what holds it')
    .argument('<id>', jobId)
    .addOption(format())
    .addHelpText('after', where)
    .action(async (id: string, options: JobsFormat) => {
      const { showJob } = await import('./commands/jobs.ts');
      finished(await showJob(id, options, io));
    });
  jobs
    .command('summary')
    .description('by action: planned, approved, done, verified, refused and why, time to repair')
    .addOption(format())
    .addHelpText('after', where)
    .action(async (options: JobsFormat) => {
      const { summariseJobs } = await import('./commands/jobs.ts');
      finished(await summariseJobs(options, io));
    });
  jobs
    .command('tasks')
    .description('what a person has to do where no plan may, step by step')
    .addOption(format())
    .addHelpText('after', where)
    .action(async (options: JobsFormat) => {
      const { listTasks } = await import('./commands/jobs.ts');
      finished(await listTasks(options, io));
    });
}

function addDecisions(jobs: Command, io: Io, finished: Finished): void {
  for (const [decision, does] of [
    ['approve', 'approves the plan that jobs show printed, and queues the job; not your own request'],
    ['reject', 'turns the plan down, also one on its way that is not written yet; its finding stays open'],
  ] as const) {
    jobs
      .command(decision)
      .description(does)
      .argument('<id>', jobId)
      .requiredOption('--plan <digits>', 'which plan you saw, as jobs show prints it')
      .option('--note <text>', 'why')
      .addOption(settings())
      .addOption(format())
      .addHelpText('after', whatChanges)
      .action(async (id: string, options: DecisionOptions) => {
        const { decideJob } = await import('./commands/jobs-decide.ts');
        finished(await decideJob(decision, id, options, io));
      });
  }
  jobs
    .command('requeue')
    .description('tries a job again that failed, was refused or has expired, as a new attempt')
    .argument('<id>', jobId)
    .addOption(settings())
    .addOption(format())
    .addHelpText('after', whatChanges)
    .action(async (id: string, options: JobsChangeOptions) => {
      const { requeueJob } = await import('./commands/jobs-decide.ts');
      finished(await requeueJob(id, options, io));
    });
  jobs
    .command('undo')
    .description('asks for what a job did to be taken back, as a job of its own')
    .argument('<id>', jobId)
    .addOption(settings())
    .addOption(format())
    .addHelpText('after', whatChanges)
    .action(async (id: string, options: JobsChangeOptions) => {
      const { undoJob } = await import('./commands/jobs-decide.ts');
      finished(await undoJob(id, options, io));
    });
}

function addBrakes(jobs: Command, io: Io, finished: Finished): void {
  jobs
    .command('brakes')
    .description('the kill switch, the actions that are stopped, and the writes of the last hour')
    .addOption(format())
    .addHelpText('after', where)
    .action(async (options: JobsFormat) => {
      const { showBrakes } = await import('./commands/jobs-brakes.ts');
      finished(await showBrakes(options, io));
    });
  for (const [name, on, does] of [
    ['stop', true, 'the kill switch: from now on nothing is written'],
    ['go', false, 'takes the kill switch back'],
  ] as const) {
    jobs
      .command(name)
      .description(does)
      .requiredOption('--reason <text>', 'why')
      .addOption(format())
      .addHelpText('after', whatChanges)
      .action(async (options: KillSwitchOptions) => {
        const { switchKill } = await import('./commands/jobs-brakes.ts');
        finished(await switchKill(on, options, io));
      });
  }
  jobs
    .command('release')
    .description('lets an action go on that failed too often or clashed')
    .argument('<action>', 'as jobs brakes prints it')
    .addOption(format())
    .addHelpText('after', whatChanges)
    .action(async (action: string, options: JobsFormat) => {
      const { releaseAction } = await import('./commands/jobs-brakes.ts');
      finished(await releaseAction(action, options, io));
    });
}

function addSetAside(jobs: Command, kind: 'dead-letter' | 'rejected', place: string, io: Io, finished: Finished): void {
  const what = kind === 'rejected' ? 'what was refused' : 'what crashed five times, or expired on its queue';
  const group = jobs.command(kind).description(`${what}: list, requeue`);
  group
    .command('list')
    .description(`${what}, with the reason; never what it held`)
    .addOption(format())
    .addHelpText('after', where)
    .action(async (options: JobsFormat) => {
      const { listSetAside } = await import('./commands/jobs-set-aside.ts');
      finished(await listSetAside(kind, options, io));
    });
  const requeue = group.command('requeue').description('sends it again under a new message id; a job as a new attempt');
  for (const argument of place.split(' ')) requeue.argument(argument, 'as the list prints it');
  requeue
    .addOption(settings())
    .addOption(format())
    .addHelpText('after', whatChanges)
    .action(async (...typed: readonly unknown[]) => {
      const { requeueSetAside } = await import('./commands/jobs-set-aside.ts');
      const named = typed.filter((one) => typeof one === 'string');
      finished(await requeueSetAside(named, requeue.opts<JobsChangeOptions>(), io));
    });
}

function settings(): Option {
  return new Option(
    '--settings <file>',
    'settings as JSON, for the embedded cloud; else KERBWATCH_SETTINGS, else the defaults',
  );
}

function format(): Option {
  return new Option('--format <format>', 'table or json')
    .argParser(oneOf('--format', ['table', 'json']))
    .default('table');
}
