import { foldable, negated, type FilterLiteral, type FilterOperator, type FilterRule } from './filter-rule.ts';
import { filterTokens, type FilterToken } from './filter-tokens.ts';

/** The operators that filters know (public documentation of filters for devices), lower case. `-match` is not among them. */
const operators: ReadonlyMap<string, { readonly operator: FilterOperator; readonly negative: boolean }> = new Map([
  ['-eq', { operator: 'eq', negative: false }],
  ['-ne', { operator: 'eq', negative: true }],
  ['-in', { operator: 'in', negative: false }],
  ['-notin', { operator: 'in', negative: true }],
  ['-contains', { operator: 'contains', negative: false }],
  ['-notcontains', { operator: 'contains', negative: true }],
  ['-startswith', { operator: 'startswith', negative: false }],
  ['-notstartswith', { operator: 'startswith', negative: true }],
  ['-endswith', { operator: 'endswith', negative: false }],
  ['-notendswith', { operator: 'endswith', negative: true }],
]);

const deepest = 100;

/** Reads a rule; null when any part of it is not understood. `-not` binds before `-and`, `-and` before `-or`. */
export function parseFilterRule(text: string): FilterRule | null {
  const tokens = filterTokens(text);
  if (tokens === null) return null;
  const reader: Reader = { tokens, at: 0, depth: 0 };
  const rule = readOr(reader);
  return reader.at === tokens.length ? rule : null;
}

interface Reader {
  readonly tokens: readonly FilterToken[];
  at: number;
  depth: number;
}

function readOr(reader: Reader): FilterRule | null {
  return readChain(reader, 'or', (inner) => readChain(inner, 'and', readNot));
}

function readChain(reader: Reader, kind: 'and' | 'or', next: (reader: Reader) => FilterRule | null): FilterRule | null {
  const rules: FilterRule[] = [];
  do {
    const rule = next(reader);
    if (rule === null) return null;
    rules.push(rule);
  } while (take(reader, 'word', `-${kind}`));
  const [only, ...others] = rules;
  return only !== undefined && others.length === 0 ? only : { kind, rules };
}

function readNot(reader: Reader): FilterRule | null {
  reader.depth += 1;
  if (reader.depth > deepest) return null;
  const rule = take(reader, 'word', '-not') ? negated(readNot(reader)) : readGroup(reader);
  reader.depth -= 1;
  return rule;
}

function readGroup(reader: Reader): FilterRule | null {
  if (!take(reader, 'mark', '(')) return readComparison(reader);
  const rule = readOr(reader);
  return take(reader, 'mark', ')') ? rule : null;
}

function readComparison(reader: Reader): FilterRule | null {
  const property = takeAny(reader);
  const operator = takeAny(reader);
  const found = operator?.kind === 'word' ? operators.get(operator.text.toLowerCase()) : undefined;
  if (property?.kind !== 'word' || found === undefined) return null;
  const literals = found.operator === 'in' ? readList(reader) : readOne(reader);
  if (literals === null) return null;
  // Documented for -eq and -ne alone.
  if (found.operator !== 'eq' && literals.some(({ kind }) => kind === 'null')) return null;
  return { kind: 'comparison', property: property.text, ...found, literals };
}

function readOne(reader: Reader): readonly FilterLiteral[] | null {
  const literal = literalOf(takeAny(reader));
  return literal === null ? null : [literal];
}

function readList(reader: Reader): readonly FilterLiteral[] | null {
  if (!take(reader, 'mark', '[')) return null;
  const literals: FilterLiteral[] = [];
  do {
    const literal = literalOf(takeAny(reader));
    if (literal === null) return null;
    literals.push(literal);
  } while (take(reader, 'mark', ','));
  return take(reader, 'mark', ']') ? literals : null;
}

function literalOf(token: FilterToken | null): FilterLiteral | null {
  if (token === null || token.kind === 'mark') return null;
  const value = foldable(token.text);
  if (token.kind === 'text') return { kind: 'text', value };
  if (value.folded === 'null') return { kind: 'null' };
  return /^(?:true|false|-?\d+)$/.test(value.folded) ? { kind: 'bare', value } : null;
}

function takeAny(reader: Reader): FilterToken | null {
  const token = reader.tokens[reader.at] ?? null;
  reader.at += 1;
  return token;
}

function take(reader: Reader, kind: FilterToken['kind'], text: string): boolean {
  const token = reader.tokens[reader.at];
  if (token?.kind !== kind || token.text.toLowerCase() !== text) return false;
  reader.at += 1;
  return true;
}
