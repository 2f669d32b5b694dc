import { columns, type Condition, type Literal, type Query, type Step, type TableName } from './query.ts';
import { tokensOf, type Token } from './tokens.ts';
import { UnsupportedQueryError } from './unsupported-query.ts';

const tables: readonly TableName[] = ['resources', 'authorizationresources', 'resourcechanges', 'resourcecontainers'];

/**
 * Parses the part of the Kusto query language that shipped queries keep to: `where` with `=~`, `in~`, `has_any`, `>`
 * and `and`; `project` of whole columns; `order by id asc`.
 *
 * @throws UnsupportedQueryError naming the first thing that is anything else.
 */
export function parseQuery(text: string): Query {
  const tokens = tokensOf(text);
  let at = 0;
  const end: Token = { kind: 'end', text: '' };
  const peek = (): Token => tokens[at] ?? end;
  const next = (): Token => {
    const token = peek();
    at += 1;
    return token;
  };
  const refuse = (token: Token, expected: string): never => {
    throw new UnsupportedQueryError(token.kind === 'end' ? 'end of query' : token.text, expected);
  };
  const symbol = (wanted: string): void => {
    const token = next();
    if (token.kind !== 'symbol' || token.text !== wanted) refuse(token, `'${wanted}'`);
  };
  const word = (wanted: string): void => {
    const token = next();
    if (token.kind !== 'name' || token.text !== wanted) refuse(token, `'${wanted}'`);
  };
  const sees = (wanted: string): boolean => peek().kind !== 'string' && peek().text === wanted;

  const column = (): string => {
    const token = next();
    if (token.kind !== 'name' || !columns.includes(token.text)) refuse(token, 'a column of the table');
    return token.text;
  };
  const literal = (): Literal => {
    const token = next();
    if (token.kind === 'string') return { kind: 'string', value: token.text };
    if (token.kind === 'number') return { kind: 'number', value: Number(token.text) };
    if (token.kind !== 'datetime') return refuse(token, 'a literal');
    const value = Date.parse(token.text);
    return Number.isNaN(value) ? refuse(token, 'an ISO date') : { kind: 'datetime', value };
  };
  const stringLiteral = (): Literal => {
    const token = peek();
    return token.kind === 'string' ? literal() : refuse(token, 'a string literal');
  };
  const list = (): Literal[] => {
    symbol('(');
    const literals = [stringLiteral()];
    while (sees(',')) {
      next();
      literals.push(stringLiteral());
    }
    symbol(')');
    return literals;
  };
  const condition = (): Condition => {
    const path = [column()];
    while (sees('.')) {
      next();
      const member = next();
      path.push(member.kind === 'name' ? member.text : refuse(member, 'a member name'));
    }
    const operator = next();
    if (operator.kind === 'symbol' && operator.text === '=~')
      return { operator: '=~', path, literals: [stringLiteral()] };
    if (operator.kind === 'symbol' && operator.text === '>') return { operator: '>', path, literals: [literal()] };
    if (operator.kind === 'symbol' && operator.text === 'in~') return { operator: 'in~', path, literals: list() };
    if (operator.kind === 'name' && operator.text === 'has_any') return { operator: 'has_any', path, literals: list() };
    return refuse(operator, "'=~', 'in~', 'has_any' or '>'");
  };
  const step = (): Step => {
    const operator = next();
    if (operator.kind === 'name' && operator.text === 'where') {
      const all = [condition()];
      while (sees('and')) {
        next();
        all.push(condition());
      }
      return { kind: 'where', all };
    }
    if (operator.kind === 'name' && operator.text === 'project') {
      const projected = [column()];
      while (sees(',')) {
        next();
        projected.push(column());
      }
      return { kind: 'project', columns: projected };
    }
    if (operator.kind === 'name' && operator.text === 'order') {
      for (const wanted of ['by', 'id', 'asc']) word(wanted);
      return { kind: 'order-by-id' };
    }
    return refuse(operator, "'where', 'project' or 'order by id asc'");
  };

  const first = next();
  const table = tables.find((candidate) => first.kind === 'name' && candidate === first.text.toLowerCase());
  if (table === undefined) return refuse(first, `one of the tables ${tables.join(', ')}`);
  const steps: Step[] = [];
  while (peek().kind !== 'end') {
    symbol('|');
    steps.push(step());
  }
  refuseMissingColumns(steps);
  return { table, steps };
}

/** A step may only use what an earlier `project` left. */
function refuseMissingColumns(steps: readonly Step[]): void {
  let left = columns;
  for (const step of steps) {
    const used =
      step.kind === 'where'
        ? step.all.map(({ path }) => path[0] ?? '')
        : step.kind === 'project'
          ? step.columns
          : ['id'];
    for (const name of used) {
      if (!left.includes(name)) throw new UnsupportedQueryError(name, 'a column that is still there after project');
    }
    if (step.kind === 'project') left = step.columns;
  }
}
