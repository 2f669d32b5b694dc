import { type Command, InvalidArgumentError, Option } from 'commander';
import { states } from '../domain/findings/lifecycle.ts';
import type { FindingState } from '../domain/findings/lifecycle.ts';
import { severities } from '../domain/model/verdict.ts';
import type { AcknowledgeOptions } from './commands/findings-acknowledge.ts';
import type { WaiversOptions } from './commands/findings-waivers.ts';
import type { WaiveOptions } from './commands/findings-waive.ts';
import type { FindingsListOptions, FindingsShowOptions } from './commands/findings.ts';
import type { HistoryOptions } from './commands/history.ts';
import type { RunsListOptions, RunsShowOptions } from './commands/runs.ts';
import type { Io } from './io.ts';
import { oneOf } from './one-of.ts';

type Finished = (code: number) => void;

const findingId = 'account/rule, -/rule/subject, or the ARM id of the account, / and the rule';
const whichStore = `
The store is the one that AzureWebJobsStorage names; npm start -- --watch prints that of the embedded cloud.`;
const whatChanges = `${whichStore}
Changes go through the HTTP API that KERBWATCH_API names; without it, directly into the embedded cloud and nowhere else.`;

/** Adds the commands that read the store, and those that change what people say about findings. */
export function addStoreCommands(program: Command, io: Io, finished: Finished): void {
  addFindings(program, io, finished);
  addRuns(program, io, finished);
  program
    .command('history')
    .description('what happened to an account, oldest first: facts and findings, with who did it and how sure that is')
    .argument('<account>', 'name or ARM id')
    .addOption(format())
    .addHelpText('after', whichStore)
    .action(async (account: string, options: HistoryOptions) => {
      const { history } = await import('./commands/history.ts');
      finished(await history(account, options, io));
    });
}

function addFindings(program: Command, io: Io, finished: Finished): void {
  const findings = program
    .command('findings')
    .description('stored findings: list, show, ack, unack, waive, waivers, approve, unwaive');
  findings
    .command('list')
    .description('what is wrong, worst first')
    .addOption(
      new Option(
        '--state <states>',
        `${states.join(', ')} (comma list), or all; those whose fault is there where absent`,
      ).argParser(statesOf),
    )
    .addOption(
      new Option('--severity <severity>', `at or above: ${severities.join(', ')}`).argParser(
        oneOf('--severity', severities),
      ),
    )
    .option('--rule <rule>', 'of one rule')
    .option('--subscription <id>', 'of one subscription')
    .option('--account <name>', 'of one account; * is a wildcard')
    .option('--text <text>', 'with this text in id, title or evidence')
    .addOption(format())
    .addHelpText('after', whichStore)
    .action(async ({ state, ...options }: FindingsListOptions & { state?: FindingsListOptions['states'] }) => {
      const { listFindings } = await import('./commands/findings.ts');
      finished(await listFindings({ ...options, states: state }, io));
    });
  findings
    .command('show')
    .description('one finding, with its evidence, waiver, repair and history')
    .argument('<id>', findingId)
    .addOption(format())
    .addHelpText('after', whichStore)
    .action(async (id: string, options: FindingsShowOptions) => {
      const { showFinding } = await import('./commands/findings.ts');
      finished(await showFinding(id, options, io));
    });
  findings
    .command('ack')
    .description('says that a finding is known; it holds until it gets worse')
    .argument('<id>', findingId)
    .requiredOption('--note <text>', 'what is known, and what happens next')
    .addOption(format())
    .addHelpText('after', whatChanges)
    .action(async (id: string, options: AcknowledgeOptions) => {
      const { acknowledgeFinding } = await import('./commands/findings-acknowledge.ts');
      finished(await acknowledgeFinding(id, options, io));
    });
  findings
    .command('unack')
    .description('takes an acknowledgement back')
    .argument('<id>', findingId)
    .addOption(format())
    .addHelpText('after', whatChanges)
    .action(async (id: string, options: Pick<AcknowledgeOptions, 'format'>) => {
      const { unacknowledgeFinding } = await import('./commands/findings-acknowledge.ts');
      finished(await unacknowledgeFinding(id, options, io));
    });
  addWaivers(findings, io, finished);
}

function addWaivers(findings: Command, io: Io, finished: Finished): void {
  findings
    .command('waive')
    .description('accepts a fault until a day: of a finding, or of all that one of the options covers')
    .argument('[id]', findingId)
    .option('--account <name>', 'all findings of an account; name or ARM id')
    .option('--rule <rule>', 'all findings of a rule')
    .option('--subscription <id>', 'all findings of a subscription')
    .option('--tag <name=value>', 'all findings of accounts with this tag')
    .option('--only-rule <rule>', 'narrows an account, a subscription or a tag to one rule')
    .requiredOption('--reason <text>', 'why it is accepted')
    .requiredOption('--owner <who>', 'object id of a user or group, or the name of a team')
    .requiredOption('--until <day>', 'the last day, as 2027-02-28 (UTC)')
    .option('--settings <file>', 'settings as JSON; else KERBWATCH_SETTINGS, else the defaults')
    .addOption(format())
    .addHelpText('after', whatChanges)
    .action(async (id: string | undefined, options: WaiveOptions) => {
      const { waiveFindings } = await import('./commands/findings-waive.ts');
      finished(await waiveFindings(id, options, io));
    });
  findings
    .command('waivers')
    .description('waivers that hold, or will; --all lists those that are over too')
    .option('--all', 'lists those that are over too', false)
    .addOption(format())
    .addHelpText('after', whichStore)
    .action(async (options: WaiversOptions) => {
      const { showWaivers } = await import('./commands/findings-waivers.ts');
      finished(await showWaivers(options, io));
    });
  findings
    .command('approve')
    .description('approves a waiver that waits for it; another person than the one who asked for it')
    .argument('<id>', 'the id of the waiver')
    .addOption(format())
    .addHelpText('after', whatChanges)
    .action(async (id: string, options: Pick<WaiveOptions, 'format'>) => {
      const { approveWaiverOfId } = await import('./commands/findings-waive.ts');
      finished(await approveWaiverOfId(id, options, io));
    });
  findings
    .command('unwaive')
    .description('takes a waiver back; what it covered is open again')
    .argument('<id>', 'the id of the waiver, or of the finding that is waived')
    .addOption(format())
    .addHelpText('after', whatChanges)
    .action(async (id: string, options: Pick<WaiveOptions, 'format'>) => {
      const { unwaiveFindings } = await import('./commands/findings-waive.ts');
      finished(await unwaiveFindings(id, options, io));
    });
}

function addRuns(program: Command, io: Io, finished: Finished): void {
  const runs = program.command('runs').description('stored nightly audits: list, show');
  runs
    .command('list')
    .description('nightly audits, newest first')
    .addOption(new Option('--last <n>', 'how many').argParser(countOf).default(10))
    .addOption(format())
    .addHelpText('after', whichStore)
    .action(async (options: RunsListOptions) => {
      const { listRuns } = await import('./commands/runs.ts');
      finished(await listRuns(options, io));
    });
  runs
    .command('show')
    .description('one audit: its counts, what could not be read, coverage and latency')
    .argument('[id]', "a run's id, or latest", 'latest')
    .addOption(format())
    .addHelpText('after', `${whichStore}\nExit: 0 everything was read, 3 something was not.`)
    .action(async (id: string, options: RunsShowOptions) => {
      const { showRun } = await import('./commands/runs.ts');
      finished(await showRun(id, options, io));
    });
}

function format(): Option {
  return new Option('--format <format>', 'table or json')
    .argParser(oneOf('--format', ['table', 'json']))
    .default('table');
}

function statesOf(text: string): readonly FindingState[] | 'all' {
  const word = oneOf('--state', [...states, 'all']);
  const asked = text.split(',').map((each) => word(each.trim()));
  // Those too that a newer version wrote, which have no name here.
  return asked.includes('all') ? 'all' : asked.filter((each) => each !== 'all');
}

function countOf(text: string): number {
  const count = /^\d+$/u.test(text) ? Number(text) : 0;
  if (count < 1 || count > 1000) throw new InvalidArgumentError('Give a number from 1 to 1000.');
  return count;
}
