import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ConformanceOptions } from './commands/jobs-conformance.ts';
import type { Io } from './io.ts';
import { oneOf } from './one-of.ts';

/** Adds `conformance` to the commands about jobs. */
export function addConformance(jobs: Command, io: Io, finished: (code: number) => void): void {
  jobs
    .command('conformance')
    .description('plays remediation messages to a consumer of yours, and tells what it did wrong')
    .argument('[command...]', 'the consumer and its arguments, behind --; without it you start the consumer yourself')
    .option('--list', 'tells what is played, and plays nothing', false)
    .option('--case <name...>', 'plays only these')
    .option(
      '--actions <action...>',
      'what the consumer carries out, grant-consent where it is not said; the others are told as not shown',
    )
    .addOption(new Option('--patience <seconds>', 'how long a message may take').argParser(secondsOf).default(10))
    .option('--namespace', 'plays in the namespace that ServiceBusConnection names, which is for this alone', false)
    .addOption(
      new Option('--format <format>', 'table or json').argParser(oneOf('--format', ['table', 'json'])).default('table'),
    )
    .addHelpText('after', around)
    .action(async (command: readonly string[], options: ConformanceOptions) => {
      const { jobsConformance } = await import('./commands/jobs-conformance.ts');
      finished(await jobsConformance(command, options, io));
    });
}

const around = `
The consumer finds in its environment ServiceBusConnection, KERBWATCH_TENANT_ID, KERBWATCH_GRAPH_ENDPOINT,
KERBWATCH_ARM_ENDPOINT and KERBWATCH_TOKEN: a broker and a recording endpoint on this machine, whatever ServiceBusConnection
is set to here. With --namespace it is the namespace that ServiceBusConnection names, with the queues of
docs/contract/asyncapi.json, where no jobs wait and nobody else is seen to take messages.
Exit: 0 all passed, 1 something is wrong, 2 it was not played.`;

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (text.trim() === '' || !(seconds > 0 && seconds <= 3600)) {
    throw new InvalidArgumentError('Give a number of seconds, up to 3600.');
  }
  return seconds;
}
