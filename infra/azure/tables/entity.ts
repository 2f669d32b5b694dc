/** What is written: keys and flat properties. */
export interface Entity {
  readonly partitionKey: string;
  readonly rowKey: string;
  readonly [property: string]: string | boolean | Date;
}

/** What is read. */
export interface Row {
  readonly partitionKey: string;
  readonly rowKey: string;
  /** ETag. */
  readonly version: string;
  /** When it was written by the service's own clock, epoch milliseconds. */
  readonly writtenAt: number;
  readonly properties: Readonly<Record<string, unknown>>;
}

const mebibyte = 1024 * 1024;

/** The service refuses such an entity, and Azurite does not, so it is refused here. */
export class EntityTooLarge extends Error {
  override readonly name = 'EntityTooLarge';

  constructor(table: string, { partitionKey, rowKey }: Entity, bytes: number) {
    super(
      `Row ${rowKey} of partition ${partitionKey} would take ${String(bytes)} bytes in table ${table}, ` +
        `and an entity holds ${String(mebibyte)} at most. Shorten what it describes.`,
    );
  }
}

/** @throws EntityTooLarge */
export function checkSize(table: string, entity: Entity): void {
  const bytes = storedBytes(entity);
  if (bytes > mebibyte) throw new EntityTooLarge(table, entity, bytes);
}

/** What an entity counts in the service: https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model */
function storedBytes({ partitionKey, rowKey, ...properties }: Entity): number {
  let bytes = 4 + (partitionKey.length + rowKey.length) * 2;
  for (const [name, value] of Object.entries(properties)) {
    bytes += 8 + name.length * 2 + (typeof value === 'string' ? 4 + value.length * 2 : 8);
  }
  return bytes;
}
