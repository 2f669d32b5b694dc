import { randomUUID } from 'node:crypto';
import { lastSeen } from '../../domain/audit/last-seen.ts';
import { unwaive, waive, type Waived, type WaivePorts } from '../../domain/audit/waive.ts';
import type { Finding } from '../../domain/findings/finding.ts';
import { placeOf } from '../../domain/findings/place.ts';
import { dayText } from '../../domain/findings/waiver-end.ts';
import { waiverText } from '../../domain/findings/waiver-text.ts';
import { nearest } from '../../infra/nearest.ts';
import type { Store } from '../../infra/store.ts';
import { exitCode, UsageError } from '../exit-code.ts';
import { findToChange } from '../find-finding.ts';
import type { Io } from '../io.ts';
import { withLocalStore } from '../open-store.ts';
import { offlineSettings } from '../open-source.ts';
import { findingDocument } from '../report/finding-document.ts';
import { findingsTable } from '../report/findings-table.ts';
import { jsonOf } from '../report/json-of.ts';
import { painterFor } from '../report/paint.ts';
import { pipelineSafe } from '../report/pipeline-safe.ts';
import { waiverDocument } from '../report/waiver-document.ts';
import { worstFirst } from '../select-findings.ts';
import { type TypedScope, waiverScope } from '../waiver-scope.ts';
import { actorAtTerminal } from './terminal-actor.ts';

export interface WaiveOptions extends Omit<TypedScope, 'finding'> {
  readonly reason: string;
  readonly owner: string;
  readonly until: string;
  readonly settings?: string | undefined;
  readonly format: 'table' | 'json';
}

/** Accepts what the scope covers until a day. @param typed a finding, where the scope is one @returns the exit code */
export async function waiveFindings(typed: string | undefined, options: WaiveOptions, io: Io): Promise<number> {
  const { reason, owner, until, format, settings: file } = options;
  const settings = await offlineSettings(io, file, (text) => io.stderr.write(`${text}\n`));
  return withLocalStore(io, 'findings waive', async (store) => {
    const scope = await waiverScope({ ...options, finding: typed }, store);
    const by = await actorAtTerminal();
    const waived = await waive({ scope, reason, owner, until }, by, settings, portsOf(store, io));
    const { approval } = waived.waiver;
    const nothing =
      approval.state === 'pending' ? 'It waits for the approval of another person.' : 'It covers nothing now.';
    await report(waived, nothing, format, store, io);
    return exitCode.clean;
  });
}

/** Takes a waiver back. @param typed its id, or a finding that alone is under it @returns the exit code */
export async function unwaiveFindings(
  typed: string,
  { format }: Pick<WaiveOptions, 'format'>,
  io: Io,
): Promise<number> {
  return withLocalStore(io, 'findings unwaive', async (store) => {
    const id = typed.includes('/') ? await waiverOf(typed, store) : typed.trim();
    await checkWaiver(id, store);
    const lifted = await unwaive(id, await actorAtTerminal(), portsOf(store, io));
    await report(lifted, 'No finding was under it.', format, store, io);
    return exitCode.clean;
  });
}

/** A waiver of more than the finding is taken back by its own id, so that nobody opens more than they meant to. */
async function waiverOf(typed: string, store: Store): Promise<string> {
  const finding = await findToChange(typed, store.findings);
  const { id, state, waiver: held } = finding;
  if (state !== 'waived' || held === null) throw new UsageError(`${id} is ${state}, and under no waiver.`);
  const stored = await store.waivers.find(held.id);
  if (stored === null || stored.waiver.scope.kind === 'finding') return held.id;
  throw new UsageError(
    `${id} is under waiver ${held.id}, ${waiverText(stored.waiver)}: it covers more than this finding. ` +
      `kerbwatch findings unwaive ${held.id} takes it back for all of it.`,
  );
}

async function checkWaiver(id: string, { waivers }: Store): Promise<void> {
  const ids = (await waivers.all()).map(({ waiver }) => waiver.id);
  if (ids.includes(id)) return;
  const meant = nearest(id, ids);
  const hint = meant === null ? 'kerbwatch findings waivers lists those there are.' : `Did you mean ${meant}?`;
  throw new UsageError(`There is no waiver ${id}. ${hint}`);
}

function portsOf({ findings, waivers, accountTags }: Store, { now }: Io): WaivePorts {
  return { findings, waivers, accountTags, now, newId: () => randomUUID().slice(0, 8) };
}

async function report(
  { waiver, transitions }: Waived,
  nothing: string,
  format: WaiveOptions['format'],
  store: Store,
  io: Io,
): Promise<void> {
  const changed = new Set(transitions.map(({ key, rule }) => `${key}/${rule}`));
  const findings: Finding[] = [];
  if (changed.size > 0) {
    for await (const finding of store.findings.list()) {
      if (changed.has(`${placeOf(finding).key}/${finding.rule}`)) findings.push(finding);
    }
  }
  if (format === 'json') {
    const seenAt = lastSeen({ ...store, now: io.now });
    const documents = findings.map(async (finding) => findingDocument(finding, await seenAt(finding)));
    const document = { ...waiverDocument(waiver), findings: await Promise.all(documents) };
    io.stdout.write(jsonOf({ schema: 'kerbwatch.waiver/v1', ...document }));
    return;
  }
  const end = waiver.removed === null ? `until the end of ${dayText(waiver.until - 1)}` : 'taken back';
  const head = pipelineSafe(`Waiver ${waiver.id}, ${end}: ${waiverText(waiver)}, "${waiver.reason}"`);
  const what =
    findings.length === 0 ? nothing : findingsTable(findings.sort(worstFirst), painterFor(io.stdout, io.env));
  io.stdout.write(`${head}\n\n${what}\n`);
}
