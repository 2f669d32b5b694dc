import type { FilterComparison, FilterLiteral, FilterOperator, FilterRule, FoldableText } from './filter-rule.ts';

/** `unknown`: what Entra would answer is not documented. */
export type FilterAnswer = 'yes' | 'no' | 'unknown';

/**
 * What a property holds. `keyword`: one word of an enumeration, in which case does not count. `opaque`: something, of a
 * type whose comparison is not documented.
 */
export type FilterValue =
  | { readonly kind: 'unset' }
  | { readonly kind: 'keyword'; readonly word: FoldableText }
  | { readonly kind: 'text'; readonly text: FoldableText }
  | { readonly kind: 'texts'; readonly texts: readonly FoldableText[] }
  | { readonly kind: 'opaque' };

/** What a rule says where `valueOf` tells what each property holds; `unknown` only where that could change the answer. */
export function answerOf(rule: FilterRule, valueOf: (property: string) => FilterValue): FilterAnswer {
  switch (rule.kind) {
    case 'comparison':
      return compare(rule, valueOf(rule.property));
    case 'not':
      return opposite(answerOf(rule.rule, valueOf));
    case 'or':
      return best(rule.rules, (one) => answerOf(one, valueOf));
    case 'and': // all hold where it is not so that one does not
      return opposite(best(rule.rules, (one) => opposite(answerOf(one, valueOf))));
  }
}

function opposite(answer: FilterAnswer): FilterAnswer {
  if (answer === 'unknown') return 'unknown';
  return answer === 'yes' ? 'no' : 'yes';
}

/** A negative operator is the opposite of the positive one, also where the property is not set (documented for devices). */
function compare(comparison: FilterComparison, value: FilterValue): FilterAnswer {
  const answer = positively(comparison, value);
  return comparison.negative ? opposite(answer) : answer;
}

function positively({ operator, literals }: FilterComparison, value: FilterValue): FilterAnswer {
  return best(literals, (literal) => {
    if (literal.kind === 'null' || value.kind === 'unset')
      return literal.kind === 'null' && value.kind === 'unset' ? 'yes' : 'no';
    switch (value.kind) {
      case 'opaque':
        return 'unknown';
      case 'keyword':
        return holds(operator, value.word.folded, literal.value.folded) ? 'yes' : 'no';
      case 'text':
        return answerForText(operator, value.text, literal);
      case 'texts':
        return best(value.texts, (text) => answerForItem(operator, text, literal));
    }
  });
}

type FilterWord = Exclude<FilterLiteral, { kind: 'null' }>;

/**
 * Documents disagree on whether case counts, so a text that fits only without case leaves it open; so does one that fits
 * a number or a truth value.
 */
function answerForText(operator: FilterOperator, text: FoldableText, { kind, value }: FilterWord): FilterAnswer {
  if (!holds(operator, text.folded, value.folded)) return 'no';
  return kind === 'text' && holds(operator, text.text, value.text) ? 'yes' : 'unknown';
}

/** On a list, `-contains` finds a whole item; what a part of one, or any other operator, does there is not documented. */
function answerForItem(operator: FilterOperator, text: FoldableText, literal: FilterWord): FilterAnswer {
  const answer = answerForText(operator, text, literal);
  if (answer !== 'yes') return answer;
  return operator === 'contains' && text.text === literal.value.text ? 'yes' : 'unknown';
}

function best<T>(items: readonly T[], answerFor: (item: T) => FilterAnswer): FilterAnswer {
  let answer: FilterAnswer = 'no';
  for (const item of items) {
    const one = answerFor(item);
    if (one === 'yes') return 'yes';
    if (one === 'unknown') answer = 'unknown';
  }
  return answer;
}

function holds(operator: FilterOperator, text: string, literal: string): boolean {
  switch (operator) {
    case 'eq':
    case 'in':
      return text === literal;
    case 'contains':
      return text.includes(literal);
    case 'startswith':
      return text.startsWith(literal);
    case 'endswith':
      return text.endsWith(literal);
  }
}
