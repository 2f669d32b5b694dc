import type { StoredWaiver, WaiverStore } from '../../../domain/audit/ports.ts';
import type { Waiver } from '../../../domain/findings/waiver.ts';
import type { Entity, Row } from './entity.ts';
import { packJson, unpackJson } from './json-properties.ts';
import { keyPart } from './keys.ts';
import { StoredWaiver as StoredWaiverJson } from './stored-waiver.ts';
import type { Table } from './table.ts';

const partitionKey = 'waiver';

/** A row as it was at a version; null: it is no waiver. */
interface Parsed {
  readonly version: string;
  readonly stored: StoredWaiver | null;
}

/** Table `waivers`: one partition, row = waiver id. */
export function createWaiverStore(table: Table): WaiverStore {
  // Every audit and every sweep asks for all of them, and they change seldom: what is at the version known is not parsed again.
  let known: ReadonlyMap<string, Parsed> = new Map();

  async function parsedRows(): Promise<ReadonlyMap<string, Parsed>> {
    const rows = await Array.fromAsync(table.rows({ partitionKey }));
    const before = known;
    known = new Map(
      rows.map((row) => {
        const parsed = before.get(row.rowKey);
        return [row.rowKey, parsed?.version === row.version ? parsed : parsedRow(row)];
      }),
    );
    return known;
  }

  return {
    all: async () => [...(await parsedRows()).values()].flatMap(({ stored }) => stored ?? []),
    malformed: async () => [...(await parsedRows())].flatMap(([id, { stored }]) => (stored === null ? [id] : [])),
    async find(id) {
      const row = await table.get(partitionKey, keyPart(id));
      return row === null ? null : storedWaiver(row);
    },
    insert: async (waiver) => table.insert(entityOf(waiver)),
    replace: async (waiver, version) => (await table.replace(entityOf(waiver), version)) !== null,
  };
}

function entityOf(waiver: Waiver): Entity {
  return {
    partitionKey,
    rowKey: keyPart(waiver.id),
    scope: waiver.scope.kind,
    from: new Date(waiver.from),
    until: new Date(waiver.until),
    ...packJson('body', waiver),
  };
}

function parsedRow(row: Row): Parsed {
  return { version: row.version, stored: storedWaiver(row) };
}

/** Null for what is no waiver: it waives nothing, and the sweep tells of it. */
function storedWaiver(row: Row): StoredWaiver | null {
  const parsed = StoredWaiverJson.safeParse(jsonOf(row));
  return parsed.success && parsed.data.id === row.rowKey ? { waiver: parsed.data, version: row.version } : null;
}

function jsonOf({ properties }: Row): unknown {
  try {
    return unpackJson('body', properties);
  } catch {
    return null;
  }
}
