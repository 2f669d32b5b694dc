import { Command, InvalidArgumentError, Option } from 'commander';
import { severities } from '../domain/model/verdict.ts';
import manifest from '../package.json' with { type: 'json' };
import type { AuditOptions } from './commands/audit.ts';
import type { LocalOptions } from './commands/local.ts';
import type { PermissionsOptions } from './commands/permissions.ts';
import type { PreflightOptions } from './commands/preflight.ts';
import type { SnapshotOptions } from './commands/snapshot.ts';
import type { Io } from './io.ts';
import { addJobsCommands } from './jobs-commands.ts';
import { oneOf } from './one-of.ts';
import { addStoreCommands } from './store-commands.ts';

const formats = ['table', 'json'] as const satisfies readonly AuditOptions['format'][];
const laterFormats = ['csv', 'html', 'ocsf', 'sarif'];

/**
 * The command line. A command's module is loaded only when the command runs, so that help and mistakes answer at once.
 *
 * @param finished told the exit code of the command that ran
 */
export function programFor(io: Io, finished: (code: number) => void): Command {
  const program = new Command('kerbwatch')
    .description('Watches Azure file shares that use Microsoft Entra Kerberos.')
    .version(manifest.version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
    });
  const settings = (): Option =>
    new Option('--settings <file>', 'settings as JSON; else KERBWATCH_SETTINGS, else the defaults');
  const format = (): Option =>
    new Option('--format <format>', formats.join(' or '))
      .argParser(oneOf('--format', formats, laterFormats))
      .default('table');
  const failOn = (): Option =>
    new Option('--fail-on <severity>', `exit 1 from this severity on: ${severities.join(', ')}`)
      .argParser(oneOf('--fail-on', severities))
      .default('high');

  program
    .command('audit')
    .description("audits live Azure with the caller's own sign-in, or a snapshot")
    .option('--snapshot <dir>', 'audits a snapshot directory')
    .option('--all', 'lists passes and notes too', false)
    .addOption(format())
    .option('--out <file>', 'writes to a file instead of stdout')
    .addOption(settings())
    .addOption(failOn())
    .addHelpText('after', exitCodes)
    .action(async (options: AuditOptions) => {
      const { audit } = await import('./commands/audit.ts');
      finished(await audit(options, io));
    });

  program
    .command('snapshot')
    .description('writes what an audit would read, in wire format')
    .requiredOption('--out <dir>', 'the directory to write to')
    .addOption(settings())
    .addHelpText('after', exitCodes)
    .action(async (options: SnapshotOptions) => {
      const { snapshot } = await import('./commands/snapshot.ts');
      finished(await snapshot(options, io));
    });

  program
    .command('preflight')
    .description('what Conditional Access policies would do to storage apps, before anyone enables them')
    .argument('<policy.json...>', 'files with a policy, or a list of policies, as Microsoft Graph returns them')
    .option('--snapshot <dir>', 'judges the storage apps of a snapshot directory; else an ordinary one')
    .option('--what-if <user>', "asks Entra too, for this user's sign-in to the storage apps (needs a sign-in)")
    .addOption(format())
    .option('--out <file>', 'writes to a file instead of stdout')
    .addOption(settings())
    .addOption(failOn())
    .addHelpText('after', exitCodes)
    .action(async (files: readonly string[], options: PreflightOptions) => {
      const { preflight } = await import('./commands/preflight.ts');
      finished(await preflight(files, options, io));
    });

  program
    .command('local')
    .description('the embedded cloud and the functions')
    .option('--once', 'tells the story of the sample tenant once', false)
    .option('--watch', 'stays up until Ctrl-C', false)
    .option('--snapshot <dir>', 'serves a snapshot directory instead of the sample tenant')
    .option('--settings <file>', 'settings of the functions as JSON, instead of those of the sample; not with --once')
    .option('--port <n>', 'port of the Azure endpoints; the functions get the next one', portOf)
    .action(async (options: LocalOptions) => {
      const { local } = await import('./commands/local.ts');
      finished(await local(options, io));
    });

  program
    .command('explain')
    .description("a rule's page, or what a symptom means: explain mfa-excluded, explain 1327")
    .argument('<rule or symptom...>', "a rule's id, an error number, or words of a message")
    .action(async (words: readonly string[]) => {
      const { explain } = await import('./commands/explain.ts');
      finished(await explain(words.join(' '), io));
    });

  program
    .command('permissions')
    .description('every permission, why, and the rules that need it')
    .addOption(
      new Option('--role <role>', 'auditor or remediator; both where absent').argParser(
        oneOf('--role', ['auditor', 'remediator']),
      ),
    )
    .addOption(
      new Option('--format <format>', formats.join(' or ')).argParser(oneOf('--format', formats)).default('table'),
    )
    .option(
      '--settings <file>',
      'of the remediator, only what these settings switch on; else KERBWATCH_SETTINGS, else every action',
    )
    .action(async (options: PermissionsOptions) => {
      const { permissions } = await import('./commands/permissions.ts');
      finished(await permissions(options, io));
    });

  addStoreCommands(program, io, finished);
  addJobsCommands(program, io, finished);
  return program;
}

const exitCodes = `
Exit: 0 clean, 1 findings at or above --fail-on, 2 usage or settings, 3 coverage incomplete, 4 sign-in refused.`;

/** The functions take the port after it, so the last one is not for us. */
function portOf(text: string): number {
  const port = /^\d+$/u.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_534) throw new InvalidArgumentError('Give a number from 1 to 65534.');
  return port;
}
