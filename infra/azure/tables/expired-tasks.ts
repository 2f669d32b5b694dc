import { odata } from '@azure/data-tables';
import type { Removed } from '../../../domain/audit/purge.ts';
import { isFaulty } from '../../../domain/findings/lifecycle.ts';
import { taskPartition } from './job-store.ts';
import { removeRows } from './remove-expired.ts';
import { findingOf } from './stored-finding.ts';
import { storedTask } from './task-store.ts';
import type { Table } from './table.ts';

/**
 * Removes the manual tasks written before a time, `most` rows or a few more; one that is for a finding as it stands, in the
 * episode that it has now and not closed, stays.
 */
export async function removeExpiredTasks(
  { findings, jobs }: { readonly findings: Table; readonly jobs: Table },
  before: number,
  most: number,
): Promise<Removed> {
  const standing = new Set<string>();
  for await (const row of findings.rows({ from: 'f~', before: 'f~~' })) {
    const { id, episode, state } = findingOf(row);
    if (isFaulty(state)) standing.add(episodeKey(id, episode));
  }
  const range = { partitionKey: taskPartition, where: odata`createdAt lt ${new Date(before)}` };
  return removeRows(jobs, range, most, (row) =>
    storedTask(row).findings.some(({ id, episode }) => standing.has(episodeKey(id, episode))),
  );
}

function episodeKey(id: string, episode: number): string {
  return `${id}#${String(episode)}`;
}
