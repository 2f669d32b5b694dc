import type { Json } from '../model/verdict.ts';
import type { PlannedCall } from './plan.ts';

/** What a call does to one member of what it writes. */
export type MemberChange =
  | {
      readonly kind: 'list';
      readonly member: string;
      readonly kept: readonly string[];
      readonly added: readonly string[];
      readonly removed: readonly string[];
    }
  /** null: it is not there. */
  | { readonly kind: 'value'; readonly member: string; readonly before: Json; readonly after: Json };

/** What a call changes, member by member, in the order of their names; empty where the plan does not tell. */
export function changesOf({ before, after }: PlannedCall): readonly MemberChange[] {
  const [old, next] = [membersOf(before), membersOf(after)];
  const members = [...new Set([...Object.keys(old), ...Object.keys(next)])].sort();
  return members.map((member) => change(member, old[member] ?? null, next[member] ?? null));
}

function change(member: string, before: Json, after: Json): MemberChange {
  if (isTexts(before) && isTexts(after)) {
    return {
      kind: 'list',
      member,
      kept: before.filter((entry) => after.includes(entry)),
      added: after.filter((entry) => !before.includes(entry)),
      removed: before.filter((entry) => !after.includes(entry)),
    };
  }
  return { kind: 'value', member, before, after };
}

function membersOf(value: Json | undefined): Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, Json>>)
    : {};
}

function isTexts(value: Json): value is readonly string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}
