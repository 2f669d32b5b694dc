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

/** The value that `share` (0 to 1) of the values do not exceed: nearest rank. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
