import { changedFindings } from '../../domain/audit/changed-findings.ts';
import { otherWaivers } from '../../domain/audit/other-waivers.ts';
import { approveWaiver, unwaive, waive, type Waived, type WaivePorts } from '../../domain/audit/waive.ts';
import { lastSeen } from '../../domain/audit/last-seen.ts';
import { waiverText } from '../../domain/findings/waiver-text.ts';
import { sha256 } from '../../infra/digest.ts';
import { nearest } from '../../infra/nearest.ts';
import type { Store } from '../../infra/store.ts';
import { apiAddress } from '../api/api-address.ts';
import { exitCode, UsageError } from '../exit-code.ts';
import { findToChange } from '../find-finding.ts';
import type { Io } from '../io.ts';
import { withLocalStore } from '../open-store.ts';
import { offlineSettings } from '../open-source.ts';
import { findingDocument } from '../../infra/documents/finding-document.ts';
import { otherWaiverDocument } from '../../infra/documents/other-waiver-document.ts';
import { jsonOf } from '../report/json-of.ts';
import { toldWaiver } from '../report/told-waiver.ts';
import { waiverId } from '../../infra/waiver-id.ts';
import { waiverDocument } from '../../infra/documents/waiver-document.ts';
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
  const { reason, owner, until, format, settings: file, ...scope } = options;
  const api = apiAddress(io.env);
  if (api !== null) {
    if (file !== undefined)
      throw new UsageError('--settings is for the embedded cloud: the API goes by its own settings.');
    return (await throughApi()).waiveThroughApi(
      api,
      { ...scope, finding: typed },
      { reason, owner, until },
      format,
      io,
    );
  }
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
  const api = apiAddress(io.env);
  if (api !== null) return (await throughApi()).unwaiveThroughApi(api, typed, format, io);
  return withLocalStore(io, 'findings unwaive', async (store) => {
    const id = typed.includes('/') ? await waiverOf(typed, store) : typed.trim();
    await checkWaiver(id, store);
    const lifted = await unwaive(id, await actorAtTerminal(), portsOf(store, io));
    await report(lifted, 'No finding was under it.', format, store, io);
    return exitCode.clean;
  });
}

/** Approves a waiver that waits for it, which its own creator cannot. @returns the exit code */
export async function approveWaiverOfId(
  typed: string,
  { format }: Pick<WaiveOptions, 'format'>,
  io: Io,
): Promise<number> {
  const api = apiAddress(io.env);
  if (api !== null) return (await throughApi()).approveThroughApi(api, typed, format, io);
  return withLocalStore(io, 'findings approve', async (store) => {
    const id = typed.trim();
    await checkWaiver(id, store);
    const approved = await approveWaiver(id, await actorAtTerminal(), portsOf(store, io));
    await report(approved, 'It covers nothing now.', format, store, io);
    return exitCode.clean;
  });
}

const throughApi = () => import('../api/waivers.ts');

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
  return { findings, waivers, accountTags, now, waiverId, digest: sha256 };
}

async function report(
  { waiver, transitions }: Waived,
  nothing: string,
  format: WaiveOptions['format'],
  store: Store,
  io: Io,
): Promise<void> {
  const findings = await changedFindings(transitions, store.findings);
  const others = (await otherWaivers(waiver, store)).map(otherWaiverDocument);
  if (format === 'json') {
    const seenAt = lastSeen({ ...store, now: io.now });
    const documents = findings.map(async (finding) => findingDocument(finding, await seenAt(finding)));
    const document = { ...waiverDocument(waiver), findings: await Promise.all(documents), others };
    io.stdout.write(jsonOf({ schema: 'kerbwatch.waiver/v1', ...document }));
    return;
  }
  io.stdout.write(toldWaiver(waiverDocument(waiver), findings.toSorted(worstFirst), others, nothing, io));
}
