import type { NamedAccount } from '../../domain/audit/named-accounts.ts';
import { exitCode } from '../exit-code.ts';
import { findAccount } from '../find-account.ts';
import type { Io } from '../io.ts';
import { withStore } from '../open-store.ts';
import { readHistory, type WholeHistory } from '../../domain/audit/read-history.ts';
import { jsonOf } from '../report/json-of.ts';
import { type KnownNames, namesIn } from '../report/known-names.ts';
import { entryDocument, toldTimeline } from '../../infra/documents/timeline-document.ts';
import { timelineText } from '../report/timeline-text.ts';

export interface HistoryOptions {
  readonly format: 'table' | 'json';
}

/** Tells what happened to an account, oldest first. @param typed its name or ARM id @returns the exit code */
export async function history(typed: string, { format }: HistoryOptions, io: Io): Promise<number> {
  return withStore(io, async (store) => {
    const account = await findAccount(typed, store);
    const partition = /^\/subscriptions\/([^/]+)/u.exec(account.key)?.[1] ?? '';
    const read = await readHistory({ partition, key: account.key }, store);
    if (format === 'json') {
      io.stdout.write(jsonOf(documentOf(account, read)));
      return exitCode.clean;
    }
    const stored = await store.findings.read(partition, [account.key]);
    io.stdout.write(textOf(account, read, namesIn(stored.map(({ finding }) => finding))));
    return exitCode.clean;
  });
}

function documentOf({ id, name }: NamedAccount, { entries, formerKeys, movedTo }: WholeHistory): object {
  return {
    schema: 'kerbwatch.history/v1',
    account: { id, name, formerIds: formerKeys, movedTo },
    entries: toldTimeline(entries).map(entryDocument),
  };
}

function textOf({ id, name }: NamedAccount, { entries, formerKeys, movedTo }: WholeHistory, names: KnownNames): string {
  const told = toldTimeline(entries);
  const places = [
    ...formerKeys.map((key) => `It was ${key} before.`),
    ...(movedTo === null ? [] : [`It was moved; its history goes on at ${movedTo}.`]),
  ];
  const what = told.length === 0 ? 'Nothing has happened to it since it was first seen.' : timelineText(told, names);
  return `${[`${name}  ${id}`, ...places].join('\n')}\n\n${what}\n`;
}
