import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export type Json = Readonly<Record<string, unknown>>;

const root = resolve(import.meta.dirname, '../../..');

/** A message as it was on the wire: where, what Service Bus carried beside it, and its body. */
export interface GoldenMessage {
  readonly name: string;
  readonly channel: string;
  readonly properties: Json;
  readonly body: Json & { readonly data: Json };
}

/** A document of the contract, as it is committed. */
export function contract(name: string): Json {
  return read(join(root, 'docs/contract', name)) as Json;
}

/** The messages that some version has sent; never changed, only added to. @param version its folder, e.g. `v1` */
export function goldenMessages(version: string): readonly GoldenMessage[] {
  const folder = join(root, 'test/fixtures/messages', version);
  return readdirSync(folder)
    .sort()
    .map((file) => ({
      ...(read(join(folder, file)) as Omit<GoldenMessage, 'name'>),
      name: file.replace('.json', ''),
    }));
}

function read(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
