import type { CollectionName } from '../model/collection.ts';
import type { Rule } from '../rules/rule.ts';

/** The collections without which one of the rules may have to say unknown. */
export function neededBy(rules: readonly Rule[]): ReadonlySet<CollectionName> {
  return new Set(rules.flatMap(({ needs }) => needs));
}

/** The collections that the rules read: those they need, and those that make them surer. */
export function wantedBy(rules: readonly Rule[]): ReadonlySet<CollectionName> {
  return new Set(rules.flatMap(({ needs, helpedBy }) => [...needs, ...helpedBy]));
}
