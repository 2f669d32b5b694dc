/** The first instant that a table holds (Entity DateTime); `0001-01-01` is what a time that nobody set looks like. */
const earliest = Date.UTC(1601, 0, 1);

const pattern = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)?$/iu;

/**
 * An event's time, epoch milliseconds. Azure writes up to seven digits of a second, of which three count; a time without a
 * zone is UTC. null for what is no time, or one that nobody set.
 */
export function parseEventTime(text: string): number | null {
  const [, seconds = '', fraction = '', zone = 'Z'] = pattern.exec(text.trim()) ?? [];
  const at = Date.parse(`${seconds}${fraction.slice(0, 4)}${zone.toUpperCase()}`);
  return Number.isNaN(at) || at < earliest ? null : at;
}
