import { collectionPermissions, type Permission } from '../../domain/model/permissions.ts';
import type { Rule } from '../../domain/rules/rule.ts';

/** Ids of the rules that cannot say anything for sure without the permission; in the order of `rules`. */
export function rulesThatNeed({ name }: Permission, rules: readonly Rule[]): readonly string[] {
  return rules
    .filter(({ needs }) => needs.some((collection) => collectionPermissions[collection]?.permission.name === name))
    .map(({ id }) => id);
}
