import { readConditions } from '../conditional-access/conditions.ts';
import { demandWords, resourceWords, userWords } from '../conditional-access/policy-words.ts';
import type { ConditionalAccessPolicy } from '../model/conditional-access-policy.ts';
import type { RemediationJob } from './job.ts';
import { changesOf } from './plan-changes.ts';

/** What a job does to a policy's protection, in words for whoever approves it; ids, never names of people. */
export type PolicyEffectShown =
  | {
      readonly known: true;
      readonly state: string;
      /** Whom the policy is for. */
      readonly users: string;
      readonly resources: string;
      readonly demands: string;
      /** What else has to hold before it demands anything; empty: nothing. */
      readonly conditions: readonly string[];
      /** What the policy does not protect any more. */
      readonly gives: readonly string[];
      /** What it still protects. */
      readonly keeps: readonly string[];
      /** Epoch milliseconds: when the policy was read. */
      readonly readAt: number;
    }
  | { readonly known: false; readonly why: string };

/** A policy as somebody read it; null: it could not be read. */
export interface SeenPolicy {
  readonly policy: ConditionalAccessPolicy;
  /** Epoch milliseconds. */
  readonly readAt: number;
}

/** Rows of the decision table about users, which are told apart. */
const usersRows: ReadonlySet<number> = new Set([12, 13, 14, 15]);

/** The effect of a job whose plan writes a policy; null for one that writes something else. */
export function policyEffect(job: RemediationJob, seen: SeenPolicy | null): PolicyEffectShown | null {
  const { target, calls } = job.plan;
  if (target.type !== 'conditionalAccessPolicy') return null;
  if (seen === null) return { known: false, why: 'the policy could not be read' };
  const { policy, readAt } = seen;
  if (policy.id?.toLowerCase() !== target.id.toLowerCase()) return { known: false, why: 'the policy was not seen' };
  const [call] = calls;
  const planned = call?.reads.expect['/modifiedDateTime'];
  if (policy.asRead !== undefined && planned !== undefined && planned !== policy.asRead.modifiedDateTime) {
    const why =
      'the policy was not read in the edition that the job was planned for; a job for another one is refused when it runs';
    return { known: false, why };
  }
  const changes = calls.flatMap(changesOf).filter((change) => change.kind === 'list');
  const [added, removed] = [changes.flatMap((change) => change.added), changes.flatMap((change) => change.removed)];
  const excluded = changes.flatMap(({ kept, added: more }) => [...kept, ...more]).length;
  const users = userWords(policy.users);
  const resources = resourceWords(policy.applications);
  const demands = demandWords(policy.grantControls);
  const names = job.accounts.map(({ name }) => name).join(', ');
  return {
    known: true,
    state: policy.state,
    users,
    resources,
    demands,
    conditions: readConditions(policy)
      .filter(({ reach, reason }) => reach !== 'all' && !usersRows.has(reason.row))
      .map(({ reason }) => reason.words),
    gives:
      added.length === 0
        ? []
        : [
            `Sign-ins to ${apps(added)}${names === '' ? '' : `, which is how the shares of ${names} are mounted,`} do not meet its demand any more: ${demands}`,
            'Other policies, permissions on the shares and on their files are not changed',
          ],
    keeps: [
      `For every other app it stays as it is: ${users} need ${demands} for ${resources}, but for ${apps(excluded)} that it excludes then`,
      ...(removed.length === 0
        ? []
        : [`${apps(removed)} is excluded no more, so the policy is for it again if it is there`]),
    ],
    readAt,
  };
}

function apps(of: readonly string[] | number): string {
  if (typeof of === 'number') return of === 1 ? '1 app' : `${String(of)} apps`;
  return of.length === 1 ? `app ${of.join('')}` : `${String(of.length)} apps (${of.join(', ')})`;
}
