import { z } from 'zod';
import type { Run, Tally } from '../../domain/audit/run.ts';
import type { WholeRun } from '../../domain/audit/whole-run.ts';
import type { Coverage } from '../../domain/model/coverage.ts';
import { ActorDocument, GapDocument, Instant, namedDocuments, openWord, Severity } from './common.ts';
import { isoTime } from './iso-time.ts';

const count = z.int();

const TallyDocument = z.object({
  verdicts: z.object({ pass: count, fail: count, warn: count, unknown: count, notApplicable: count }),
  opened: count,
  reopened: count,
  resolved: count,
  baselined: count,
  worst: Severity.nullable(),
  missedByEvents: z.object({ count, atMostMs: z.number().nullable() }),
  vanished: z.object({
    asked: count,
    waiting: count,
    moved: count,
    outOfScope: z.object({ count, findings: z.array(z.string()).readonly() }),
  }),
});

/** A run as JSON; `tally` is null until it is finished. */
export const RunDocument = z
  .object({
    id: z.string(),
    tenantId: z.string(),
    startedAt: Instant,
    finishedAt: Instant,
    shards: count,
    accounts: z.object({ seen: count, inScope: count }),
    requests: z.object({ resourceGraph: count, graph: count, arm: count, throttled: count }),
    complete: z.boolean(),
    gaps: z.array(GapDocument).readonly(),
    tally: TallyDocument.nullable(),
  })
  .register(namedDocuments, { id: 'Run' });
export type RunDocument = z.infer<typeof RunDocument>;

/** What a run read of one collection in one place; without gaps it was read whole. */
export const CoverageDocument = z
  .object({
    collection: z.string(),
    place: z.string().meta({ description: 'Subscription id, or tenant.' }),
    rows: count,
    pages: count.nullable(),
    gaps: z.array(z.object({ reason: z.string(), needs: z.string().nullable() })).readonly(),
    readAt: Instant.meta({ description: 'When it was last read whole.' }),
    missedRuns: count.optional().meta({ description: 'Runs in a row that have not read it whole.' }),
  })
  .register(namedDocuments, { id: 'CoverageEntry' });
export type CoverageDocument = z.infer<typeof CoverageDocument>;

const Percentiles = z.object({ p50: z.number(), p95: z.number(), p99: z.number() });

const DigestDocument = z.object({
  count,
  changes: z
    .array(
      z.object({
        accountId: z.string(),
        changeId: z.string(),
        properties: z.array(z.string()).readonly(),
        actors: z.array(ActorDocument).readonly(),
        confidence: openWord(['proved', 'likely', 'unknown']),
        at: Instant.meta({ description: 'When the change was seen.' }),
        attributedAt: Instant.meta({ description: 'When it was found out who made it.' }),
      }),
    )
    .readonly(),
});

const LatencyDocument = z.object({
  alerts: count,
  atMost: count.meta({ description: 'Of how many nobody knows when the change came: these took at most so long.' }),
  stages: z
    .object({
      delivery: Percentiles,
      debounce: Percentiles,
      audit: Percentiles,
      alert: Percentiles,
      total: Percentiles,
      sinceChange: Percentiles,
    })
    .nullable(),
});

/** A run with its coverage ledger, and how long alerts took until the next run. */
export const WholeRunDocument = z
  .object({
    schema: z.literal('kerbwatch.run/v1'),
    ...RunDocument.shape,
    shardsDone: count,
    attributedLater: DigestDocument.nullable().meta({
      description: 'Changes of which this run learnt later who made them; null until it is finished.',
    }),
    coverage: z.array(CoverageDocument).readonly(),
    latencyMs: z.object({ storage: LatencyDocument, directory: LatencyDocument }),
  })
  .register(namedDocuments, { id: 'WholeRun' });
export type WholeRunDocument = z.infer<typeof WholeRunDocument>;

export function runDocument(run: Run): RunDocument {
  return {
    id: run.id,
    tenantId: run.tenantId,
    startedAt: isoTime(run.startedAt),
    finishedAt: isoTime(run.finishedAt),
    shards: run.shards,
    accounts: run.accounts,
    requests: run.requests,
    complete: run.gaps.length === 0,
    gaps: run.gaps,
    tally: run.tally === null ? null : tallyDocument(run.tally),
  };
}

export function coverageDocument({ readAt, ...entry }: Coverage): CoverageDocument {
  return { ...entry, readAt: isoTime(readAt) };
}

export function wholeRunDocument({ run, coverage, shardsDone, latency }: WholeRun): WholeRunDocument {
  return {
    schema: 'kerbwatch.run/v1',
    ...runDocument(run),
    shardsDone,
    attributedLater: digestDocument(run),
    coverage: coverage.map(coverageDocument),
    latencyMs: latency,
  };
}

/** Null until it is finished, and for a run of an older version. */
function digestDocument({ digest }: Run): z.infer<typeof DigestDocument> | null {
  if (digest === undefined) return null;
  const changes = digest.changes.map(({ key, at, attributedAt, ...change }) => ({
    accountId: key,
    ...change,
    at: isoTime(at),
    attributedAt: isoTime(attributedAt),
  }));
  return { count: digest.count, changes };
}

function tallyDocument({
  verdicts: { 'not-applicable': notApplicable, ...verdicts },
  ...tally
}: Tally): z.infer<typeof TallyDocument> {
  return { verdicts: { ...verdicts, notApplicable }, ...tally };
}
