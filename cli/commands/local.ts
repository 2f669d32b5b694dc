import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { buildBundle } from '../../infra/build.ts';
import { loadTenant } from '../../infra/local/azure/tenant.ts';
import { type EmbeddedCloud, startEmbeddedCloud, webhookSecretSetting } from '../../infra/local/embedded-cloud.ts';
import type { HostLog } from '../../infra/local/functions-host/host.ts';
import { approver, type LocalPerson, operator, securityLead } from '../../infra/local/identity/people.ts';
import type { ReceivedAlert } from '../../infra/local/webhook-receiver.ts';
import { writeSampleTenant } from '../../infra/local/sample-tenant/generate.ts';
import { exitCode, UsageError } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { pipelineSafe } from '../report/pipeline-safe.ts';
import { settingsIn } from '../settings.ts';
import { tellStory } from '../story/tell-story.ts';

export interface LocalOptions {
  /** Tells the story of the sample tenant once. */
  readonly once: boolean;
  /** Stays up until Ctrl-C; without `once` this is what happens anyway. */
  readonly watch: boolean;
  /** A tenant of one's own as a snapshot directory; the sample tenant where absent. */
  readonly snapshot?: string | undefined;
  /** A file with settings of one's own; the story is told of those of the sample alone. */
  readonly settings?: string | undefined;
  /** Of the Azure endpoints; the functions get the next one. Any free ones where absent. */
  readonly port?: number | undefined;
}

/** Where host.json is found from; a folder for each process, so that two can run at once. */
const bundles = fileURLToPath(new URL('../../dist/', import.meta.url));

/**
 * The settings of the sample: repair of consent switched on, by somebody whom the sample knows, exclusion from a policy too
 * where another person approves it; a debounce that a person can wait for.
 */
function sampleSettings(url: string): object {
  return {
    schema: 'kerbwatch.settings/v1',
    watch: { debounceSeconds: 1 },
    remediation: { 'grant-consent': 'auto', 'exclude-app-from-policy': 'approve' },
    brakes: { requesters: [securityLead.objectId] },
    alerts: [{ channel: 'webhook', url, secretSetting: webhookSecretSetting, minimumSeverity: 'medium' }],
  };
}

/** Boots the embedded cloud with the functions, tells the story, stays up or ends. @returns the exit code */
export async function local(options: LocalOptions, io: Io): Promise<number> {
  const say = (line: string): void => void io.stdout.write(`${line}\n`);
  const startedAt = io.now();
  if (options.once && options.settings !== undefined) {
    throw new UsageError('--settings goes with --watch alone: the story of --once is that of the sample settings');
  }
  const own = options.settings === undefined ? null : await settingsIn(options.settings);
  const scratch = await mkdtemp(join(tmpdir(), 'kerbwatch-'));
  const bundle = join(bundles, `local-${String(process.pid)}`, 'main.mjs');
  try {
    const directory = options.snapshot ?? join(scratch, 'tenant');
    if (options.snapshot === undefined) await writeSampleTenant(directory, { now: new Date(startedAt) });
    else if (!(await stat(directory).catch(() => null))?.isDirectory()) {
      throw new UsageError(`--snapshot ${directory} is no directory; give one that kerbwatch snapshot has written`);
    }
    const tenant = await loadTenant(directory);
    await buildBundle({ outfile: bundle });
    io.signal.throwIfAborted();
    const alerts: ReceivedAlert[] = [];
    const watchSaid: string[] = [];
    const cloud = await startEmbeddedCloud({
      tenant,
      bundle,
      ...(options.port === undefined ? {} : { ports: { azure: options.port, functions: options.port + 1 } }),
      settings: (url) => own ?? sampleSettings(url),
      log: (entry) => {
        if (entry.category === 'user' && entry.functionName === 'directory-watch') watchSaid.push(entry.message);
        if (isTold(entry)) io.stderr.write(`${describe(entry)}\n`);
      },
      onAlert: (alert) => alerts.push(alert),
    });
    try {
      const told = options.once
        ? await tellStory(cloud, {
            say,
            now: io.now,
            startedAt,
            alerts,
            watchSaid,
            signal: io.signal,
            sample: options.snapshot === undefined,
          })
        : true;
      if (options.watch || !options.once) await stayUp(cloud, say, io);
      return told ? exitCode.clean : exitCode.findings;
    } finally {
      await cloud.stop();
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
    await rm(dirname(bundle), { recursive: true, force: true });
  }
}

/** What `kerbwatch audit` needs to see the embedded cloud as the functions do, and what the commands need that read its store. */
const forOtherTerminals = [
  'KERBWATCH_ARM_ENDPOINT',
  'KERBWATCH_GRAPH_ENDPOINT',
  'KERBWATCH_TENANT_ID',
  'KERBWATCH_SUBSCRIPTIONS',
  'AzureWebJobsStorage',
  'ServiceBusConnection',
] as const;

/** Each does something as it stands: what takes an id is found from what these list. */
const commandsToTry = ['audit', 'findings list', 'runs list', 'jobs list --state all'] as const;
/** Where whatever waits for another person's approval is listed, with what approves it. */
const commandsOfApprover = ['findings waivers', 'jobs list --state awaiting-approval'] as const;

/** A working day and some: who comes back tomorrow starts anew anyway. */
const tokenSeconds = 12 * 3600;

async function stayUp(cloud: EmbeddedCloud, say: (line: string) => void, { signal }: Io): Promise<void> {
  const tokenOf = (person: LocalPerson): Promise<string> => cloud.personToken(person, tokenSeconds);
  const [asOperator, asApprover, asLead] = await Promise.all([operator, approver, securityLead].map(tokenOf));
  say('');
  say('The embedded cloud and the functions stay up. Stop them with Ctrl-C.');
  say(`  Azure Resource Manager and Microsoft Graph  ${cloud.azure.origin}`);
  say(`  Functions                                   ${cloud.host.origin}`);
  say('To look at it from another terminal of bash or zsh (PowerShell: $env:NAME = "value"):');
  for (const name of forOtherTerminals) say(`  export ${name}='${cloud.environment[name] ?? ''}'`);
  say(`  export KERBWATCH_API='${cloud.apiAddress}'`);
  say(`  export KERBWATCH_REMEDIATION_API='${cloud.apiAddress}'`);
  say(`  export KERBWATCH_TOKEN='${asOperator ?? ''}'`);
  for (const command of commandsToTry) say(`  npx kerbwatch ${command}`);
  say(
    'With that token you are the operator, who says of findings that they are known or accepted. The approver is another person, who looks here for what waits:',
  );
  say(`  export KERBWATCH_TOKEN='${asApprover ?? ''}'`);
  for (const command of commandsOfApprover) say(`  npx kerbwatch ${command}`);
  say(
    `The security lead (${securityLead.objectId}) may approve repairs as well, but for those of actions that they switched on themselves (brakes.requesters):`,
  );
  say(`  export KERBWATCH_TOKEN='${asLead ?? ''}'`);
  if (!signal.aborted) {
    // The servers hold the process, and a timer besides, since a promise alone does not.
    const hold = setInterval(() => undefined, 60_000);
    await new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => {
        resolve();
      });
    });
    clearInterval(hold);
  }
  say('Stopping.');
}

/** Failures, and what went to the queue `rejected`, which nobody would look into else. */
function isTold({ level, category, message }: HostLog): boolean {
  return (
    level === 'error' || level === 'critical' || (category === 'user' && message.startsWith('Rejected a message of '))
  );
}

function describe({ functionName, message }: HostLog): string {
  return pipelineSafe(functionName === undefined ? message : `${functionName}: ${message}`);
}
