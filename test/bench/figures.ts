/** Prints a figure with the unit it is in. */
export function figure(name: string, value: string): void {
  console.log(`  ${name.padEnd(44)} ${value}`);
}

/** Prints what was measured and how, above its figures. */
export function heading(title: string, how: string): void {
  console.log(`\n${title}\n  (${how})`);
}

export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}

/** What half, 95 % and 99 % of the milliseconds do not exceed. */
export function percentiles(milliseconds: readonly number[]): string {
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => percentile(milliseconds, share));
  return percentileLine({ p50, p95, p99 });
}

/** The same where they are known. */
export function percentileLine(known: Readonly<Record<'p50' | 'p95' | 'p99', number | undefined>>): string {
  return Object.entries(known)
    .map(([name, value]) => `${name} ${(value ?? Number.NaN).toFixed(0)} ms`)
    .join(', ');
}

/** The value that `share` (0 to 1) of the values do not exceed: nearest rank. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
