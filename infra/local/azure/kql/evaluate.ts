import { columns, stringColumns, type Condition, type Literal, type Query } from './query.ts';
import { valueAt, type WireObject } from '../wire-object.ts';

export interface QueryResult {
  readonly rows: readonly WireObject[];
  /** False: every output column is dynamic, so Resource Graph cannot page the answer and cuts it off in silence. */
  readonly pageable: boolean;
}

/** Runs a parsed query over the rows of its table. Rows keep their order unless the query orders them. */
export function evaluate(query: Query, rows: readonly WireObject[]): QueryResult {
  let result = rows;
  let left: readonly string[] = columns;
  for (const step of query.steps) {
    if (step.kind === 'where') {
      result = result.filter((row) => step.all.every((condition) => holds(condition, row)));
    } else if (step.kind === 'project') {
      left = step.columns;
      result = result.map((row) => Object.fromEntries(step.columns.map((column) => [column, row[column] ?? null])));
    } else {
      result = orderedById(result);
    }
  }
  return { rows: result, pageable: left.some((column) => (stringColumns as readonly string[]).includes(column)) };
}

function holds(condition: Condition, row: WireObject): boolean {
  const value = valueAt(row, condition.path);
  if (value === undefined || value === null) return false;
  switch (condition.operator) {
    case '=~':
    case 'in~':
      return condition.literals.some((literal) => asText(value).toLowerCase() === String(literal.value).toLowerCase());
    case 'has_any':
      return condition.literals.some((literal) => hasTerm(asText(value), String(literal.value)));
    case '>':
      return condition.literals.every((literal) => isGreater(value, literal));
  }
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** `has`: the term stands in the text with no letter or digit touching it, without case. */
function hasTerm(text: string, term: string): boolean {
  const escaped = term.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'iu').test(text);
}

function isGreater(value: unknown, literal: Literal): boolean {
  switch (literal.kind) {
    case 'number':
      return typeof value === 'number' && value > literal.value;
    case 'datetime':
      return typeof value === 'string' && Date.parse(value) > literal.value;
    case 'string':
      return typeof value === 'string' && value > literal.value;
  }
}

function orderedById(rows: readonly WireObject[]): WireObject[] {
  return rows
    .map((row) => ({ row, id: asText(row['id']) }))
    .sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
    .map(({ row }) => row);
}
