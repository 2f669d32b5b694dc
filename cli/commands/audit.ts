import { randomUUID } from 'node:crypto';
import { type AuditedEstate, auditEstate, isReported } from '../../domain/audit/audit-estate.ts';
import { compareSeverity, type Severity } from '../../domain/model/verdict.ts';
import type { AccountNames } from '../../domain/rules/rule.ts';
import { indexDirectory } from '../../domain/rules/directory.ts';
import { namesToAsk } from '../../domain/audit/names-to-ask.ts';
import { createAccountNameCheck } from '../../infra/account-names.ts';
import { readEstateFacts } from '../../infra/facts.ts';
import { abortable } from '../abortable.ts';
import { auditedCollections } from '../collections.ts';
import { exitCode } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { openDirectory, openLive, readTogether } from '../open-source.ts';
import { startProgress } from '../progress.ts';
import { auditDocument, type AuditRun } from '../report/audit-document.ts';
import { auditTable } from '../report/audit-table.ts';
import { failedReads } from '../report/failed-reads.ts';
import { foreignAccounts } from '../report/foreign-accounts.ts';
import { gapLine } from '../report/gap-line.ts';
import { type Access, missingPermissions } from '../report/missing-permissions.ts';
import { painterFor } from '../report/paint.ts';
import { openWhole } from '../write-whole.ts';

export interface AuditOptions {
  /** A snapshot directory; live Azure where absent. */
  readonly snapshot?: string | undefined;
  /** Lists passes and notes too. */
  readonly all: boolean;
  readonly format: 'table' | 'json';
  /** A file instead of stdout. */
  readonly out?: string | undefined;
  readonly settings?: string | undefined;
  readonly failOn: Severity;
}

interface Audit {
  readonly run: AuditRun;
  readonly audited: AuditedEstate;
  readonly access: Access;
}

/** Audits an estate and reports it; nothing is stored. @returns the exit code */
export async function audit(options: AuditOptions, io: Io): Promise<number> {
  const write = options.out === undefined ? null : await openWhole(options.out);
  const { run, audited, access } = await judge(options, io);
  io.signal.throwIfAborted();

  const report = reportOf(options, run, audited, io);
  if (write === null) io.stdout.write(report);
  else await write(report);
  const tableShown = write === null && options.format === 'table';
  if (!tableShown) for (const gap of audited.gaps) io.stderr.write(`${gapLine(gap)}\n`);
  for (const line of linesBeside(audited, access)) io.stderr.write(`${line}\n`);
  return exitCodeOf(audited, options.failOn);
}

/** What a person should know beside the report, and do next. */
function linesBeside(audited: AuditedEstate, access: Access): readonly string[] {
  const { gaps, accounts, leftOut } = audited;
  const unjudged = leftOut > 0 && leftOut === accounts.seen;
  return [
    ...(unjudged
      ? [`No account was judged: settings leave out all ${String(leftOut)} of them. See scope.exclude in the settings.`]
      : []),
    ...missingPermissions(audited, access),
    ...foreignAccounts(gaps, access.source),
    ...failedReads(gaps, access.source),
  ];
}

async function judge({ snapshot, settings: file, all }: AuditOptions, io: Io): Promise<Audit> {
  const startedAt = io.now();
  const progress = startProgress(io, () => (snapshot === undefined ? 'Auditing Azure' : 'Auditing the snapshot'));
  try {
    const opened =
      snapshot === undefined ? openLive(io, file, progress.say) : openDirectory(io, snapshot, file, progress.say);
    const { source, settings, forGraph } = await abortable(opened, io.signal);
    if (source.kind === 'live') await abortable(readTogether(source, auditedCollections), io.signal);
    const facts = await abortable(readEstateFacts(source), io.signal);
    const names = namesToAsk(indexDirectory(facts.directory), facts.storageAccounts, settings);
    const { answers } = await abortable(createAccountNameCheck(() => source).check(names), io.signal);
    const accountNames: AccountNames = (name) => answers.get(name) ?? null;
    const audited = auditEstate(facts, settings, source.capturedAt ?? startedAt, all, accountNames);
    const { tenantId, kind, requests } = source;
    const access: Access = kind === 'live' ? { source: kind, graph: forGraph() } : { source: kind };
    return {
      run: { id: randomUUID(), startedAt, finishedAt: io.now(), tenantId, source: kind, requests },
      audited,
      access,
    };
  } finally {
    progress.stop();
  }
}

function reportOf({ format, out }: AuditOptions, run: AuditRun, audited: AuditedEstate, { stdout, env }: Io): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(auditDocument(run, audited), null, 2)}\n`;
    case 'table':
      return auditTable(audited, out === undefined ? painterFor(stdout, env) : (text) => text);
  }
}

/** What could not be read outweighs what was found. */
function exitCodeOf({ gaps, results }: AuditedEstate, failOn: Severity): number {
  if (gaps.length > 0) return exitCode.incomplete;
  const found = results.some(({ verdict }) => isReported(verdict) && compareSeverity(verdict.severity, failOn) <= 0);
  return found ? exitCode.findings : exitCode.clean;
}
