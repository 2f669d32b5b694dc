import { resolve } from 'node:path';
import { distinctGaps } from '../../domain/model/distinct-gaps.ts';
import { forecast } from '../../domain/audit/preflight.ts';
import type { PreflightApps } from '../../domain/audit/preflight-apps.ts';
import { isPreflightOn } from '../../domain/audit/preflight-severity.ts';
import { compareSeverity, type Severity } from '../../domain/model/verdict.ts';
import type { Gap } from '../../domain/model/collection.ts';
import type { Settings } from '../../domain/model/settings.ts';
import { abortable } from '../abortable.ts';
import { askEntra, type EntraSays, readApps } from '../ask-entra.ts';
import { exitCode, UsageError } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { offlineSettings, openDirectory } from '../open-source.ts';
import { startProgress } from '../progress.ts';
import { readPolicyFiles, type ReadPolicyFile } from '../read-policy-files.ts';
import { gapLine } from '../report/gap-line.ts';
import { painterFor } from '../report/paint.ts';
import { pipelineSafe, pipelineSafeJson } from '../report/pipeline-safe.ts';
import { preflightDocument, type JudgedPolicy } from '../report/preflight-document.ts';
import { preflightTable } from '../report/preflight-table.ts';
import { failureLine, foreignLine, whatIfLine } from '../report/preflight-lines.ts';
import { openWhole } from '../write-whole.ts';

export interface PreflightOptions {
  /** Judges the storage apps of a snapshot directory; an ordinary one where absent. */
  readonly snapshot?: string | undefined;
  /** Object id or user principal name of a user for whom Entra is asked too. */
  readonly whatIf?: string | undefined;
  readonly failOn: Severity;
  readonly format: 'table' | 'json';
  /** A file instead of stdout. */
  readonly out?: string | undefined;
  readonly settings?: string | undefined;
}

interface Preflight {
  readonly judged: readonly JudgedPolicy[];
  readonly estate: PreflightApps | null;
  readonly gaps: readonly Gap[];
  readonly entra: EntraSays | null;
  /** false: a file holds part of a list, and what the rest does was not judged. */
  readonly isWhole: boolean;
}

/** Says what policies in files would do to storage apps; nothing is changed anywhere. @returns the exit code */
export async function preflight(files: readonly string[], options: PreflightOptions, io: Io): Promise<number> {
  const { out, format, failOn } = options;
  if (out !== undefined && files.some((file) => resolve(file) === resolve(out))) {
    throw new UsageError(`--out ${out} is one of the policy files, which it would replace; choose another name.`);
  }
  const write = out === undefined ? null : await openWhole(out);
  const read = await readPolicyFiles(files);
  const result = await judge(read, options, io);
  io.signal.throwIfAborted();

  const paint = out === undefined ? painterFor(io.stdout, io.env) : (text: string) => text;
  const report =
    format === 'json'
      ? `${pipelineSafeJson(JSON.stringify(preflightDocument(result.judged, result.entra), null, 2))}\n`
      : preflightTable(result, paint);
  if (write === null) io.stdout.write(report);
  else await write(report);
  for (const line of linesBeside(read, result)) io.stderr.write(`${pipelineSafe(line)}\n`);
  return exitCodeOf(result, failOn);
}

async function judge(read: readonly ReadPolicyFile[], options: PreflightOptions, io: Io): Promise<Preflight> {
  const progress = startProgress(io, () => (options.whatIf === undefined ? 'Judging policies' : 'Asking Entra'));
  try {
    const { settings, snapshot } = await abortable(open(options, io, progress.say), io.signal);
    const estate = snapshot?.apps ?? null;
    const judged = read.flatMap(({ file, policies }) =>
      policies.map((policy) => ({ file, policy, forecast: forecast(policy, estate, settings) })),
    );
    const policies = judged.map(({ policy }) => policy);
    const { whatIf: user } = options;
    const entra =
      user === undefined
        ? null
        : await abortable(askEntra({ user, policies, snapshot, settings }, io, progress.say), io.signal);
    const missed = [...(estate?.gaps ?? []), ...judged.flatMap((one) => one.forecast.gaps)];
    const isOn = isPreflightOn(settings);
    const isWhole = !isOn || read.every((one) => one.isWhole);
    return { judged, estate, gaps: isOn ? distinctGaps(missed) : [], entra, isWhole };
  } finally {
    progress.stop();
  }
}

interface Opened {
  readonly settings: Settings;
  readonly snapshot: { readonly tenantId: string; readonly apps: PreflightApps } | null;
}

async function open(options: PreflightOptions, io: Io, say: (text: string) => void): Promise<Opened> {
  const { snapshot: directory, settings: file } = options;
  if (directory === undefined) return { settings: await offlineSettings(io, file, say), snapshot: null };
  const { source, settings } = await openDirectory(io, directory, file, say);
  return { settings, snapshot: { tenantId: source.tenantId, apps: await readApps(source, settings) } };
}

/** What a person should know beside the report. */
function linesBeside(read: readonly ReadPolicyFile[], { estate, gaps, entra }: Preflight): readonly string[] {
  return [
    ...read.flatMap(({ file, remarks }) => remarks.map((remark) => `${file}: ${remark}.`)),
    ...distinctGaps([...gaps, ...(entra?.gaps ?? [])]).map(gapLine),
    ...foreignLine(estate?.foreign ?? []),
    ...(entra === null ? [] : [...whatIfLine(entra), ...entra.failures.map(failureLine)]),
  ];
}

/** What could not be read outweighs what was found; where Entra differs is a question and no fault. */
function exitCodeOf({ judged, gaps, entra, isWhole }: Preflight, failOn: Severity): number {
  const unasked = entra !== null && entra.failures.length + entra.gaps.length > 0;
  if (gaps.length > 0 || unasked || !isWhole) return exitCode.incomplete;
  const found = judged.some(
    ({ forecast: { severity } }) => severity !== null && compareSeverity(severity, failOn) <= 0,
  );
  return found ? exitCode.findings : exitCode.clean;
}
