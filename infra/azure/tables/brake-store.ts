import { z } from 'zod';
import { type BrakeState, type BrakeStore, BrakeUnreadable, noBrakes } from '../../../domain/remediation/brakes.ts';
import { packJson, unpackJson } from './json-properties.ts';
import type { Table } from './table.ts';

const partitionKey = 'brakes';
const rowKey = 'state';

const BrakeStateJson = z.object({
  killSwitch: z.object({ on: z.boolean(), by: z.string(), at: z.number(), reason: z.string() }).nullable(),
  actions: z.record(
    z.string(),
    z.object({
      failures: z.array(z.string()),
      stopped: z
        .object({
          at: z.number(),
          reason: z.string(),
          jobId: z.string().optional(),
          jobIds: z.array(z.string()).optional(),
        })
        // An older version kept the first job alone.
        .transform(({ at, reason, jobId, jobIds }) => ({
          at,
          reason,
          jobIds: jobIds ?? (jobId === undefined ? [] : [jobId]),
        }))
        .nullable(),
      counted: z.array(z.string()).default([]),
    }),
  ),
  writes: z.array(z.object({ action: z.string(), at: z.number(), key: z.string() })),
  acts: z
    .array(
      z.object({
        what: z.enum(['stop', 'go', 'release']),
        action: z.string().nullable(),
        by: z.string(),
        at: z.number(),
        reason: z.string().nullable(),
      }),
    )
    .default([]),
}) satisfies z.ZodType<BrakeState>;

/** Table `approvals`, partition `brakes`: one row for all brakes. */
export function createBrakeStore(table: Table): BrakeStore {
  return {
    async read() {
      const row = await table.get(partitionKey, rowKey);
      if (row === null) return { state: noBrakes, version: null };
      try {
        return { state: BrakeStateJson.parse(unpackJson('body', row.properties)), version: row.version };
      } catch (cause) {
        throw new BrakeUnreadable(
          'The row of the brakes in table approvals is not what was written, so nothing is changed; remove the row to start over',
          { cause },
        );
      }
    },
    async replace(state, version) {
      const entity = { partitionKey, rowKey, killSwitch: state.killSwitch?.on ?? false, ...packJson('body', state) };
      return version === null ? table.insert(entity) : (await table.replace(entity, version)) !== null;
    },
  };
}
