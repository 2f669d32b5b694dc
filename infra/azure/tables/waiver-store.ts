import type { StoredWaiver, WaiverStore } from '../../../domain/audit/ports.ts';
import type { Waiver } from '../../../domain/findings/waiver.ts';
import type { Entity, Row } from './entity.ts';
import { packJson, unpackJson } from './json-properties.ts';
import { keyPart } from './keys.ts';
import { StoredWaiver as StoredWaiverJson } from './stored-waiver.ts';
import type { Table } from './table.ts';

const partitionKey = 'waiver';

/** Table `waivers`: one partition, row = waiver id. */
export function createWaiverStore(table: Table): WaiverStore {
  async function rows(): Promise<readonly Row[]> {
    return Array.fromAsync(table.rows({ partitionKey }));
  }

  return {
    all: async () => (await rows()).flatMap((row) => storedWaiver(row) ?? []),
    malformed: async () => (await rows()).flatMap((row) => (storedWaiver(row) === null ? [row.rowKey] : [])),
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
