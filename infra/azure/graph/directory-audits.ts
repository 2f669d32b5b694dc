import type { WireObject } from '../../estate-source.ts';
import type { Reading } from '../failure.ts';
import type { GraphChannel } from './graph-channel.ts';
import { readAllPages } from './read-all-pages.ts';

/** Least permission that Microsoft Graph asks for its audit records (domain facts 4). */
export const directoryAuditsPermission = 'AuditLog.Read.All';

/**
 * Audit records about one object of Entra since a time. They come minutes late.
 *
 * @param since epoch milliseconds
 * @param pace called before each request, also of the following pages
 * @throws SignInRefused, AbortError
 */
export function readDirectoryAudits(
  graph: GraphChannel,
  objectId: string,
  since: number,
  pace: () => Promise<void>,
): Promise<Reading> {
  const id = objectId.replaceAll("'", "''");
  const filter = `activityDateTime ge ${new Date(since).toISOString()} and targetResources/any(t:t/id eq '${id}')`;
  const path = `/v1.0/auditLogs/directoryAudits?$filter=${encodeURIComponent(filter)}`;
  const paced: GraphChannel = {
    origin: graph.origin,
    async send(method, url, body) {
      await pace();
      return graph.send(method, url, body);
    },
  };
  return readAllPages(paced, { path, needs: directoryAuditsPermission });
}

/** The records of several readings, each once. */
export function onePerRecord(readings: readonly Reading[]): readonly WireObject[] {
  const records = readings.flatMap(({ items }) => items.map((item) => [String(item['id']), item] as const));
  return [...new Map(records).values()];
}
