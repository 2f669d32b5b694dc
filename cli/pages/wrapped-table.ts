import { stripVTControlCharacters } from 'node:util';
import { table } from '../report/table.ts';
import { wrap } from './wrap.ts';

/** A table whose cells wrap: each column at most as wide as `widths` says. */
export function wrappedTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  widths: readonly number[],
): string {
  const lines = rows.flatMap((row) => {
    const cells = header.map((_, column) =>
      wrap(stripVTControlCharacters(row[column] ?? '').split(/\s+/u), widths[column] ?? 20),
    );
    const height = Math.max(...cells.map((cell) => cell.length));
    return Array.from({ length: height }, (_, line) => cells.map((cell) => cell[line] ?? ''));
  });
  return table(header, lines)
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
