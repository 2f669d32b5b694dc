import type { z } from 'zod';
import { waiverText } from '../../domain/findings/waiver-text.ts';
import { findingSegment } from '../../infra/api/asked-finding.ts';
import { FindingAnswer } from '../../infra/api/operations/finding-answer.ts';
import { ChangedWaiverAnswer, WaiverAnswer } from '../../infra/api/operations/waiver-answer.ts';
import { exitCode, UsageError } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { jsonOf } from '../report/json-of.ts';
import { toldWaiver } from '../report/told-waiver.ts';
import { tagOf, type TypedScope } from '../waiver-scope.ts';
import { answerOf } from './answer-of.ts';
import type { ApiAddress } from './api-address.ts';
import type { ApiClient } from './api-client.ts';
import { shownFinding } from './shown-finding.ts';
import { withApi } from './with-api.ts';

type Format = 'table' | 'json';

/** Accepts what the scope covers until a day. @returns the exit code */
export async function waiveThroughApi(
  address: ApiAddress,
  { tag, ...scope }: TypedScope,
  terms: { readonly reason: string; readonly owner: string; readonly until: string },
  format: Format,
  io: Io,
): Promise<number> {
  const body = { ...scope, ...(tag === undefined ? {} : { tag: tagOf(tag) }), ...terms };
  const waiver = await changed(address, io, (api) => api.send('POST', '/waivers', body));
  const { approval } = waiver;
  const waits = `It waits for the approval of another person: kerbwatch findings approve ${waiver.id}`;
  return told(waiver, approval.state === 'pending' ? waits : 'It covers nothing now.', format, io);
}

/** Takes a waiver back. @param typed its id, or a finding that alone is under it @returns the exit code */
export async function unwaiveThroughApi(address: ApiAddress, typed: string, format: Format, io: Io): Promise<number> {
  const waiver = await changed(address, io, async (api) => {
    const id = typed.includes('/') ? await waiverOfFinding(typed, api, address) : typed;
    return api.send('DELETE', pathOf(id));
  });
  return told(waiver, 'No finding was under it.', format, io);
}

/** Approves a waiver that waits for it. @returns the exit code */
export async function approveThroughApi(address: ApiAddress, id: string, format: Format, io: Io): Promise<number> {
  const waiver = await changed(address, io, (api) => api.send('POST', `${pathOf(id)}/approval`));
  return told(waiver, 'It covers nothing now.', format, io);
}

/** A waiver of more than the finding is taken back by its own id, so that nobody opens more than they meant to. */
async function waiverOfFinding(typed: string, api: ApiClient, address: ApiAddress): Promise<string> {
  const path = `/findings/${encodeURIComponent(findingSegment(typed.trim()))}`;
  const { id, state, waiver: held } = answerOf(FindingAnswer, await api.send('GET', path), address);
  if (state !== 'waived' || held === null) throw new UsageError(`${id} is ${state}, and under no waiver.`);
  const waiver = answerOf(WaiverAnswer, await api.send('GET', pathOf(held.id)), address);
  if (waiver.scope.kind === 'finding') return held.id;
  throw new UsageError(
    `${id} is under waiver ${held.id}, ${waiverText(waiver)}: it covers more than this finding. ` +
      `kerbwatch findings unwaive ${held.id} takes it back for all of it.`,
  );
}

function pathOf(waiverId: string): string {
  return `/waivers/${encodeURIComponent(waiverId.trim())}`;
}

type ChangedWaiver = z.infer<typeof ChangedWaiverAnswer>;

async function changed(
  address: ApiAddress,
  io: Io,
  change: (api: ApiClient) => Promise<unknown>,
): Promise<ChangedWaiver> {
  return answerOf(ChangedWaiverAnswer, await withApi(io, address, change), address);
}

function told(waiver: ChangedWaiver, nothing: string, format: Format, io: Io): number {
  io.stdout.write(
    format === 'json'
      ? jsonOf(waiver)
      : toldWaiver(waiver, waiver.findings.map(shownFinding), waiver.others, nothing, io),
  );
  return exitCode.clean;
}
