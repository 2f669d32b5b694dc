import type { Finding } from '../findings/finding.ts';
import { placeOf } from '../findings/place.ts';
import type { Digest } from './job.ts';
import { policyRepairsOf, type Repair } from './repair.ts';
import type { ManualTask } from './runbooks/task.ts';

/** A manual task as stored: written once, when the findings called for it, and never changed. */
export interface RepairTask {
  /** Key of the place it is about: that of its one finding, or `-/` and the id of a policy. */
  readonly place: string;
  /** The finding's rule, or what of the policy is to be mended. */
  readonly topic: string;
  readonly findings: readonly { readonly id: string; readonly episode: number }[];
  readonly task: ManualTask;
  /** Run, event or job id that led to it. */
  readonly correlationId: string;
  /** Epoch milliseconds, UTC. */
  readonly createdAt: number;
}

/** The manual tasks, in table `jobs`. They go with their findings. */
export interface TaskStore {
  /** Inserting a task that is there already changes nothing. */
  insert(task: RepairTask): Promise<void>;
  /** The youngest of a place and a topic. */
  find(place: string, topic: string): Promise<RepairTask | null>;
  list(): AsyncIterable<RepairTask>;
}

/** Where a task is kept. */
export type TaskPlace = Pick<RepairTask, 'place' | 'topic'>;

export function placeOfFinding(finding: Finding): TaskPlace {
  return { place: placeOf(finding).key, topic: finding.rule };
}

/** The same for what all findings that a repair mends have in common. */
export function placeOfRepair(repair: Repair): TaskPlace {
  return repair.of === 'account'
    ? { place: repair.accountId, topic: repair.rule }
    : { place: placeOf({ account: null, subject: repair.policyId }).key, topic: repair.of };
}

/** What a person is to do about a finding as it stands: its own task, or that of a policy that decided it; null for none. */
export async function taskOf(finding: Finding, tasks: Pick<TaskStore, 'find'>): Promise<RepairTask | null> {
  for (const { place, topic } of [placeOfFinding(finding), ...policyRepairsOf(finding).map(placeOfRepair)]) {
    const task = await tasks.find(place, topic);
    if (task?.findings.some(({ id, episode }) => id === finding.id && episode === finding.episode) === true)
      return task;
  }
  return null;
}

/** Whether two tasks tell the same for the same findings. */
export function sameTask(a: RepairTask, b: RepairTask): boolean {
  return contentOf(a) === contentOf(b);
}

/** The same for the same task, whenever it is written. */
export function taskDigest(task: RepairTask, digest: Digest): string {
  return digest(contentOf(task));
}

function contentOf({ place, topic, findings, task }: RepairTask): string {
  return JSON.stringify([place, topic, findings, task]);
}
