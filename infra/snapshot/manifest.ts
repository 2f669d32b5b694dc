import { z } from 'zod';
import { type Gap, collectionNames, gapReasons } from '../../domain/model/collection.ts';
import { nearest } from '../nearest.ts';
import { SnapshotMalformed } from './snapshot-malformed.ts';

export const manifestFile = 'manifest.json';

const schemaName = 'kerbwatch.snapshot/v1';

/** What `manifest.json` says, with ids in lower case and the time as epoch milliseconds, UTC. */
export interface SnapshotManifest {
  readonly tenantId: string;
  readonly cloud: (typeof clouds)[number];
  readonly capturedAt: number;
  readonly gaps: readonly Gap[];
  /** How many objects each file had when it was written; absent for a snapshot made by other means. */
  readonly rows?: Readonly<Record<string, number>> | undefined;
}

const clouds = ['AzurePublic', 'AzureUSGovernment', 'AzureChinaCloud'] as const;

function oneOf<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, {
    error: ({ input }) =>
      typeof input === 'string' ? `"${input}" is not known; ${hintFor(input, words)}` : 'has to be there, as a text',
  });
}

function hintFor(word: string, words: readonly string[]): string {
  const meant = nearest(word, words);
  return meant === null ? `known are ${words.join(', ')}` : `the nearest is "${meant}"`;
}

const gap = z.object({
  collection: oneOf(collectionNames),
  scope: z
    .string()
    .default('tenant')
    .transform((scope) => scope.toLowerCase()),
  reason: oneOf(gapReasons),
  needs: z
    .string()
    .nullish()
    .transform((permission) => permission ?? null),
});

const wireManifest = z.object({
  schema: z.literal(schemaName, {
    error: ({ input }) =>
      typeof input === 'string'
        ? `is "${input}", which this version cannot read; it reads "${schemaName}"`
        : `has to be "${schemaName}"`,
  }),
  tenantId: z.guid('has to be the id of a tenant').transform((id) => id.toLowerCase()),
  cloud: oneOf(clouds),
  capturedAt: z.iso
    .datetime({ offset: true, error: 'has to be a time in ISO 8601 with its zone' })
    .transform(Date.parse),
  gaps: z.array(gap).default([]),
  rows: z.record(z.string(), z.int().min(0)).optional(),
});

/** The manifest in the text of `manifest.json`. Throws `SnapshotMalformed` listing every problem. */
export function parseManifest(text: string): SnapshotManifest {
  if (text.trim() === '') throw new SnapshotMalformed(manifestFile, 'is empty; take the snapshot again');
  const { tenantId, cloud, capturedAt, gaps, rows } = read(json(text));
  return { tenantId, cloud, capturedAt, gaps, ...(rows === undefined ? {} : { rows }) };
}

/** The lines of `manifest.json`. */
export function formatManifest({ tenantId, cloud, capturedAt, gaps, rows }: SnapshotManifest): readonly string[] {
  const manifest = { schema: schemaName, tenantId, cloud, capturedAt: new Date(capturedAt).toISOString(), gaps, rows };
  return JSON.stringify(manifest, null, 2).split('\n');
}

function read(value: unknown): z.output<typeof wireManifest> {
  const result = wireManifest.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map(
    ({ path, message }) => `${path.map(String).join('.') || 'object'} ${message}`,
  );
  throw new SnapshotMalformed(manifestFile, problems.join('; '));
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const cutOff = text.trimStart().startsWith('{') && !text.trimEnd().endsWith('}');
    const problem = cutOff ? 'is not JSON: it was cut off; take the snapshot again' : 'is not JSON';
    throw new SnapshotMalformed(manifestFile, problem, { cause });
  }
}
