import type { Row } from '../../../infra/azure/tables/entity.ts';

/** Whether a row fits a filter. */
export type Filter = (row: Pick<Row, 'partitionKey' | 'rowKey' | 'properties'>) => boolean;

const token = /\s*(\(|\)|and\b|or\b|(\w+) (eq|ne|lt|gt|le|ge) (?:datetime)?'((?:[^']|'')*)')/y;

/**
 * The little of OData that the store asks with: comparisons with texts and times, `and`, `or`, brackets. As in the service a
 * property that a row lacks fits no comparison.
 * @throws SyntaxError for anything else
 */
export function filterOf(text: string): Filter {
  let at = 0;

  function take(): RegExpExecArray | null {
    token.lastIndex = at;
    const found = token.exec(text);
    if (found !== null) at = token.lastIndex;
    return found;
  }

  function peeks(word: string): boolean {
    const before = at;
    const found = take()?.[1] === word;
    if (!found) at = before;
    return found;
  }

  function any(): Filter {
    let filter = all();
    while (peeks('or')) filter = either(filter, all());
    return filter;
  }

  function all(): Filter {
    let filter = one();
    while (peeks('and')) filter = both(filter, one());
    return filter;
  }

  function one(): Filter {
    if (peeks('(')) {
      const filter = any();
      if (!peeks(')')) throw unreadable();
      return filter;
    }
    const [, , name, operator, value] = take() ?? [];
    if (name === undefined || operator === undefined || value === undefined) throw unreadable();
    return comparison(name, operator, value.replaceAll("''", "'"));
  }

  function unreadable(): SyntaxError {
    return new SyntaxError(`The simulated store does not read this filter, at ${String(at)}: ${text}`);
  }

  const filter = any();
  if (text.slice(at).trim() !== '') throw unreadable();
  return filter;
}

function either(a: Filter, b: Filter): Filter {
  return (row) => a(row) || b(row);
}

function both(a: Filter, b: Filter): Filter {
  return (row) => a(row) && b(row);
}

function comparison(name: string, operator: string, wanted: string): Filter {
  return (row) => {
    const value = name === 'PartitionKey' ? row.partitionKey : name === 'RowKey' ? row.rowKey : row.properties[name];
    if (value === undefined) return false;
    const [left, right] = value instanceof Date ? [value.getTime(), Date.parse(wanted)] : [textOf(value), wanted];
    switch (operator) {
      case 'eq':
        return left === right;
      case 'ne':
        return left !== right;
      case 'lt':
        return left < right;
      case 'gt':
        return left > right;
      case 'le':
        return left <= right;
      default:
        return left >= right;
    }
  };
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new TypeError(`The simulated store compares texts and times, not a ${typeof value}`);
}
