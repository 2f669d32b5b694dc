import { z } from 'zod';
import { JobUnreadable, type StoredJob } from '../../../domain/audit/ports.ts';
import type { Row } from './entity.ts';
import { StoredJsonUnreadable, unpackJson } from './json-properties.ts';

const Text = z.string().min(1);

/** What whoever lists, sends, carries out or purges a job looks at. What a newer version added is kept. */
const Job = z.looseObject({
  jobId: Text,
  tenantId: z.string(),
  rule: Text,
  findings: z.array(z.looseObject({ id: Text, episode: z.number() })),
  accounts: z.array(z.looseObject({ id: Text, name: z.string() })),
  plan: z.looseObject({
    action: Text,
    risk: z.string(),
    target: z.looseObject({ type: z.string(), id: Text, name: z.string() }),
    calls: z.array(z.looseObject({ method: z.string(), url: z.string() })),
  }),
  dryRun: z.boolean(),
  approvalRequired: z.boolean(),
  notBefore: z.number(),
  expiresAt: z.number(),
  attempt: z.number(),
  correlationId: z.string(),
  createdAt: z.number(),
});

const Report = z
  .looseObject({ at: z.number(), reason: z.string().nullable(), actor: z.string().nullable() })
  .nullable();

const Stored = z.object({ job: Job, state: Text, report: Report });

/** The job of a row. A state that a newer version wrote is kept. @throws JobUnreadable, which names the row */
export function storedJob({ rowKey, properties, version }: Row): StoredJob {
  try {
    const state = properties['state'];
    const stored = Stored.parse({
      job: unpackJson('body', properties),
      state,
      report: unpackJson('report', properties),
    });
    // What is decided, asked for and recorded is looked up by the id of the row.
    if (stored.job.jobId !== rowKey) throw new StoredJsonUnreadable(`The job of row ${rowKey} has another id`);
    // Nobody had begun, or an older version wrote the row.
    const progress = 'progress' in properties ? unpackJson('progress', properties) : null;
    return { ...(stored as object), progress, version } as StoredJob;
  } catch (cause) {
    if (!(cause instanceof StoredJsonUnreadable || cause instanceof z.ZodError)) throw cause;
    throw new JobUnreadable(`Row ${rowKey} of table jobs is no job that this version can read; it is left as it is`, {
      cause,
    });
  }
}

/** The same; null for a row that is no job. */
export function jobIn(row: Row): StoredJob | null {
  try {
    return storedJob(row);
  } catch (error) {
    if (error instanceof JobUnreadable) return null;
    throw error;
  }
}
