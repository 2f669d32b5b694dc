import { type ActionName, actionRisks } from '../../domain/remediation/actions.ts';
import type { Environment } from '../../infra/config.ts';
import { connections } from '../../infra/names.ts';
import { casesFor, type ConformanceCase } from '../conformance/cases.ts';
import { type ConsumerProcess, startConsumer } from '../conformance/consumer-process.ts';
import type { CaseVerdict } from '../conformance/play-cases.ts';
import { onStage } from '../conformance/stage.ts';
import { exitCode, UsageError } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { jsonOf } from '../report/json-of.ts';
import { pipelineSafe } from '../report/pipeline-safe.ts';

export interface ConformanceOptions {
  /** Only tells what is played. */
  readonly list: boolean;
  /** Names of the cases to play; all where absent. */
  readonly case?: readonly string[] | undefined;
  /** What the consumer says it carries out; `grant-consent` where absent. */
  readonly actions?: readonly string[] | undefined;
  /** Seconds that a message may take. */
  readonly patience: number;
  /** Plays in the namespace that the environment names, instead of a broker of its own. */
  readonly namespace: boolean;
  readonly format: 'table' | 'json';
}

const actionNames = Object.keys(actionRisks) as readonly ActionName[];

/** How long the first message waits for a consumer that starts, and for one that a person starts. */
const startMs = 20_000;
const byHandMs = 600_000;
/** Long enough for a function app that has to be started first, as a rule. */
const lookMs = 10_000;

/**
 * Plays messages to a consumer of remediation jobs, and tells what it did wrong.
 * @param command the consumer, to be started; where empty somebody starts it by hand, with what is printed
 * @returns the exit code: 1 where it did anything wrong
 */
export async function jobsConformance(
  command: readonly string[],
  options: ConformanceOptions,
  io: Io,
): Promise<number> {
  const actions = actionsNamed(options.actions ?? ['grant-consent']);
  const cases = casesNamed(options.case, casesFor(actions));
  const notShown = actionNames.filter((action) => !actions.includes(action));
  if (options.list) {
    for (const { name, expected } of cases) io.stdout.write(`${name}: ${expected}\n`);
    return exitCode.clean;
  }
  const verdicts: CaseVerdict[] = [];
  const stage = {
    namespace: options.namespace ? namespaceOf(io.env) : null,
    action: actions[0] ?? 'grant-consent',
    now: io.now,
    signal: io.signal,
    patienceMs: options.patience * 1000,
    lookMs,
    startPatienceMs: command.length === 0 ? byHandMs : startMs,
    start: (environment: Environment) => start(command, environment, io),
  };
  await onStage(stage, async (play) => {
    for (const asked of cases) {
      const verdict = await play(asked);
      verdicts.push(verdict);
      if (options.format === 'table') io.stdout.write(linesOf(verdict));
      if (!verdict.answered) break;
    }
  });
  if (options.format === 'json') io.stdout.write(jsonOf(documentOf(verdicts, notShown)));
  else if (options.case === undefined) io.stdout.write(notShown.map(notShownLine).join(''));
  const passed = verdicts.filter(({ faults }) => faults.length === 0).length;
  io.stderr.write(`${String(passed)} of ${String(cases.length)} cases passed.\n`);
  if (verdicts.length < cases.length) io.stderr.write('The others were not played: nobody takes messages any more.\n');
  return passed === cases.length ? exitCode.clean : exitCode.findings;
}

function start(command: readonly string[], environment: Environment, io: Io): ConsumerProcess {
  if (command.length > 0) return startConsumer(command, { ...withoutServiceBus(io.env), ...environment }, io.stderr);
  io.stderr.write('Start the consumer with this environment; the first message waits for it:\n');
  for (const [name, value] of Object.entries(environment)) io.stderr.write(`  export ${name}='${value ?? ''}'\n`);
  return { ended: () => null, stop: () => Promise.resolve() };
}

/** Lest the consumer take jobs of a real namespace: `ServiceBusConnection__fullyQualifiedNamespace` and its siblings. */
function withoutServiceBus(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith(connections.serviceBus)));
}

function namespaceOf(env: Environment): string {
  const connectionString = env[connections.serviceBus] ?? '';
  if (connectionString !== '') return connectionString;
  throw new UsageError(
    `--namespace: which? Set ${connections.serviceBus} to the connection string of one that is for this alone.`,
  );
}

function linesOf({ name, expected, faults }: CaseVerdict): string {
  if (faults.length === 0) return `passed  ${name}\n`;
  return [
    `wrong   ${name}: a consumer ${expected}`,
    ...faults.map((fault) => `        ${pipelineSafe(fault)}`),
    '',
  ].join('\n');
}

/** What says nothing of an action is no pass. */
function notShownLine(action: string): string {
  return `not shown  ${action}: the consumer does not say that it carries it out (--actions)\n`;
}

function documentOf(verdicts: readonly CaseVerdict[], notShown: readonly ActionName[]): object {
  return {
    schema: 'kerbwatch.conformance/v1',
    cases: verdicts.map(({ name, expected, faults }) => ({ name, expected, passed: faults.length === 0, faults })),
    actionsNotShown: notShown,
  };
}

function casesNamed(
  names: readonly string[] | undefined,
  cases: readonly ConformanceCase[],
): readonly ConformanceCase[] {
  if (names === undefined) return cases;
  return names.map((name) => {
    const found = cases.find((each) => each.name === name);
    if (found !== undefined) return found;
    throw new UsageError(`--case ${name} is none; use any of ${cases.map((each) => each.name).join(', ')}`);
  });
}

function actionsNamed(names: readonly string[]): readonly ActionName[] {
  return names.map((name) => {
    const found = actionNames.find((each) => each === name);
    if (found !== undefined) return found;
    throw new UsageError(`--actions ${name} is none; use any of ${actionNames.join(', ')}`);
  });
}
