/** What a simulation, or many of them, went through. */
export interface Counts {
  calls: number;
  crashes: number;
  /** What administrators broke. */
  broken: number;
  opened: number;
  days: number;
  alerts: number;
  repairs: number;
  /** Messages whose every delivery was struck. */
  deadLetters: number;
  /** Changes whose maker is proved. */
  attributed: number;
}

export function noCounts(): Counts {
  return { calls: 0, crashes: 0, broken: 0, opened: 0, days: 0, alerts: 0, repairs: 0, deadLetters: 0, attributed: 0 };
}

export function addCounts(total: Counts, more: Counts): void {
  for (const name of Object.keys(total) as (keyof Counts)[]) total[name] += more[name];
}
