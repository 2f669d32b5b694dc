/** A text and its lower case, which is worked out once. */
export interface FoldableText {
  readonly text: string;
  readonly folded: string;
}

/** A value that a rule compares with. `bare`: a number or a truth value, written without quotes. */
export type FilterLiteral =
  { readonly kind: 'text' | 'bare'; readonly value: FoldableText } | { readonly kind: 'null' };

export type FilterOperator = 'eq' | 'in' | 'contains' | 'startswith' | 'endswith';

export interface FilterComparison {
  readonly kind: 'comparison';
  /** Such as `device.isCompliant`. */
  readonly property: string;
  readonly operator: FilterOperator;
  /** Written with the negative operator (`-ne`, `-notIn`, …): the opposite is meant. */
  readonly negative: boolean;
  /** One, but for `in`. */
  readonly literals: readonly FilterLiteral[];
}

/** A rule in the filter language of Conditional Access, which is that of dynamic membership groups. */
export type FilterRule =
  | FilterComparison
  | { readonly kind: 'not'; readonly rule: FilterRule }
  | { readonly kind: 'and' | 'or'; readonly rules: readonly FilterRule[] };

/** The rule with its properties named anew; null where one of them has no name. */
export function mapProperties(rule: FilterRule, rename: (property: string) => string | null): FilterRule | null {
  switch (rule.kind) {
    case 'comparison': {
      const property = rename(rule.property);
      return property === null ? null : { ...rule, property };
    }
    case 'not':
      return negated(mapProperties(rule.rule, rename));
    default: {
      const rules = rule.rules.map((one) => mapProperties(one, rename)).filter((one) => one !== null);
      return rules.length === rule.rules.length ? { ...rule, rules } : null;
    }
  }
}

/** The opposite of a rule, where there is one. */
export function negated(rule: FilterRule | null): FilterRule | null {
  return rule === null ? null : { kind: 'not', rule };
}

export function foldable(text: string): FoldableText {
  return { text, folded: text.toLowerCase() };
}
