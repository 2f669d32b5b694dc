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
  /** Writes of the remediator, by action. */
  readonly writes: Record<string, number>;
  /** Jobs that were taken back. */
  undone: number;
  /** Jobs that a person had tried again. */
  requeued: number;
}

export function noCounts(): Counts {
  const none = { calls: 0, crashes: 0, broken: 0, opened: 0, days: 0, alerts: 0, repairs: 0 };
  return { ...none, deadLetters: 0, attributed: 0, writes: {}, undone: 0, requeued: 0 };
}

export function addCounts(total: Counts, { writes, ...more }: Counts): void {
  for (const name of Object.keys(more) as (keyof typeof more)[]) total[name] += more[name];
  for (const [action, times] of Object.entries(writes)) total.writes[action] = (total.writes[action] ?? 0) + times;
}
