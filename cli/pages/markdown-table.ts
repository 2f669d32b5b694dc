/** A table as Prettier writes it: columns padded to their widest cell, `|` in a cell escaped. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [header, ...rows].map((line) => header.map((_, column) => escaped(line[column] ?? '')));
  const widths = header.map((_, column) => Math.max(3, ...lines.map((line) => line[column]?.length ?? 0)));
  const rule = widths.map((width) => '-'.repeat(width));
  const [first = [], ...others] = lines;
  return [first, rule, ...others]
    .map((line) => `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`)
    .join('\n');
}

function escaped(cell: string): string {
  return cell.replaceAll(/\s*\n\s*/gu, ' ').replaceAll(/(?<!\\)\|/gu, '\\|');
}
