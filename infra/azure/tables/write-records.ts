import { z } from 'zod';
import type { LatestWrite, WriteRecord, WriteRecords } from '../../../domain/remediation/write-record.ts';
import { packJson, unpackJson } from './json-properties.ts';
import { keyPart, placeHash } from './keys.ts';
import type { Table } from './table.ts';

const partitionKey = 'write';
const latestPartition = 'latest-write';

const LatestJson = z.object({
  jobId: z.string(),
  undoOf: z.string().nullable(),
  at: z.number(),
}) satisfies z.ZodType<LatestWrite>;

/** Table `approvals`: partition `write`, row = job id; partition `latest-write`, row = action and hash of the object's id. */
export function createWriteRecords(table: Table): WriteRecords {
  return {
    async find(jobId) {
      const row = await table.get(partitionKey, keyPart(jobId));
      return row === null ? null : { record: unpackJson('body', row.properties) as WriteRecord, version: row.version };
    },
    async replace(record, version) {
      const { jobId, plan, undoOf } = record;
      const entity = { partitionKey, rowKey: keyPart(jobId), action: plan.action, undoOf: undoOf ?? '' };
      const whole = { ...entity, ...packJson('body', record) };
      return version === null ? table.insert(whole) : (await table.replace(whole, version)) !== null;
    },
    async latest(action, targetId) {
      const row = await table.get(latestPartition, latestKey(action, targetId));
      return row === null ? null : LatestJson.parse(unpackJson('body', row.properties));
    },
    setLatest: (action, targetId, latest) =>
      table.upsert({
        partitionKey: latestPartition,
        rowKey: latestKey(action, targetId),
        ...packJson('body', latest),
      }),
  };
}

function latestKey(action: string, targetId: string): string {
  return `${keyPart(action)}~${placeHash(targetId.toLowerCase())}`;
}
