import type { ChangeLog, RecordsReading } from '../../domain/audit/drift-ports.ts';
import type { ChangeRecord } from '../../domain/drift/conclude.ts';
import type { WireObject } from '../estate-source.ts';
import { parseDirectoryAudit } from '../wire/directory-audit.ts';
import { parseResourceChange } from '../wire/resource-change.ts';
import { WireMalformed } from '../wire/wire-malformed.ts';
import type { Failure } from './failure.ts';
import { onePerRecord, readDirectoryAudits } from './graph/directory-audits.ts';
import { findUser } from './graph/find-user.ts';
import type { GraphChannel } from './graph/graph-channel.ts';
import { createPace } from './pace.ts';
import { remembered } from './remembered.ts';
import { resourceChangesQuery } from './resource-graph/queries.ts';
import { readAllRows, type RowsReader } from './resource-graph/read-all-rows.ts';

export interface ChangeLogOptions {
  readonly rows: RowsReader;
  readonly graph: GraphChannel;
  /** False for the embedded cloud, which has no such limit. */
  readonly paced: boolean;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly now: () => number;
}

/** 5 requests in 10 seconds for an app in a tenant (domain facts 4, Throttling). */
const auditsLimit = { most: 5, withinMs: 10_000 };
/** One policy concerns many accounts, and each asks the same of it within moments. */
const rememberedMs = 60_000;

/**
 * The records of changes: `resourcechanges` of Resource Graph and the directory audits of Microsoft Graph. A record that
 * cannot be read makes the whole unreadable, since it may be the one that counts.
 *
 * Both members throw only SignInRefused and AbortError.
 */
export function createChangeLog({ rows, graph, paced, sleep, now }: ChangeLogOptions): ChangeLog {
  const pace = paced ? createPace({ ...auditsLimit, sleep, now }) : () => Promise.resolve();
  const audits = remembered(rememberedMs, now, (key: string) => {
    const [objectId = '', since] = key.split('|');
    return readDirectoryAudits(graph, objectId, Number(since), pace);
  });
  const users = remembered(rememberedMs, now, (name: string) => findUser(graph, name));

  /** Resource Graph names a person by user principal name; an object id is what may be kept. */
  async function identified(record: ChangeRecord): Promise<ChangeRecord> {
    const { kind, objectId, userPrincipalName } = record.actor;
    if (kind !== 'user' || objectId !== null || userPrincipalName === null) return record;
    const user = await users(userPrincipalName);
    return user.state === 'found' ? { ...record, actor: { ...record.actor, objectId: user.id } } : record;
  }

  return {
    async ofResource(resourceId, since) {
      const subscription = /^\/subscriptions\/([^/]+)\//iu.exec(resourceId)?.[1] ?? '';
      const { items, failure } = await readAllRows(rows, {
        query: resourceChangesQuery(resourceId),
        subscriptions: [subscription],
        needs: 'Reader on the subscription',
      });
      const reading = readingOf(items, failure, parseResourceChange);
      if (reading.state === 'unreadable') return reading;
      const late = reading.records.filter(({ at }) => at >= since);
      return { state: 'read', records: await Promise.all(late.map(identified)) };
    },
    async ofDirectory(objectIds, since) {
      const readings = [];
      for (const objectId of objectIds) readings.push(await audits(`${objectId}|${String(since)}`));
      const failure = readings.map((reading) => reading.failure).find((failed) => failed !== null) ?? null;
      return readingOf(onePerRecord(readings), failure, parseDirectoryAudit);
    },
  };
}

function readingOf(
  items: readonly WireObject[],
  failure: Failure | null,
  parse: (item: WireObject) => ChangeRecord | null,
): RecordsReading {
  if (failure !== null) return { state: 'unreadable', ...failure };
  try {
    const records = items.map(parse).filter((record) => record !== null);
    return { state: 'read', records };
  } catch (error) {
    if (error instanceof WireMalformed) return { state: 'unreadable', reason: 'malformed', needs: null };
    throw error;
  }
}
