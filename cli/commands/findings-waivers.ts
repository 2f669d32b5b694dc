import { listWaivers } from '../../domain/audit/waive.ts';
import { dayText } from '../../domain/findings/waiver-end.ts';
import { scopeText } from '../../domain/findings/waiver-text.ts';
import { exitCode } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { withStore } from '../open-store.ts';
import { jsonOf } from '../report/json-of.ts';
import { pipelineSafe } from '../report/pipeline-safe.ts';
import { table } from '../report/table.ts';
import { waiverDocument } from '../../infra/documents/waiver-document.ts';

export interface WaiversOptions {
  readonly all: boolean;
  readonly format: 'table' | 'json';
}

/** Lists waivers, the one that ends first before the others. @returns the exit code */
export async function showWaivers({ all, format }: WaiversOptions, io: Io): Promise<number> {
  return withStore(io, async ({ waivers }) => {
    const stored = await listWaivers(waivers, io.now());
    for (const id of await waivers.malformed())
      io.stderr.write(`Row ${id} of table waivers is no waiver: it waives nothing.\n`);
    const listed = stored
      .filter(({ state }) => all || state !== 'over')
      .sort((a, b) => a.waiver.until - b.waiver.until);
    if (format === 'json') {
      const documents = listed.map(({ waiver, state }) => ({ state, ...waiverDocument(waiver) }));
      io.stdout.write(jsonOf({ schema: 'kerbwatch.waivers/v1', waivers: documents }));
      return exitCode.clean;
    }
    const rows = listed.map(({ waiver: { id, until, scope, owner, reason }, state }) => [
      id,
      state,
      dayText(until - 1),
      pipelineSafe(scopeText(scope)),
      pipelineSafe(owner.kind === 'team' ? owner.name : owner.id),
      pipelineSafe(reason),
    ]);
    const over = stored.length - listed.length;
    const left =
      over === 0
        ? ''
        : ` ${String(over)} ${over === 1 ? 'is' : 'are'} over (--all lists ${over === 1 ? 'it' : 'them'}).`;
    const count = `${String(listed.length)} ${listed.length === 1 ? 'waiver' : 'waivers'}.${left}\n`;
    const lines = table(['id', 'state', 'last day', 'covers', 'owner', 'reason'], rows);
    io.stdout.write(rows.length === 0 ? count : `${lines}\n\n${count}`);
    return exitCode.clean;
  });
}
