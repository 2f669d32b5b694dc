/** What happened, in order. */
export interface Trace {
  readonly isOn: boolean;
  say(actor: string, what: string): void;
  lines(): readonly string[];
}

/** @param write takes each line as it comes; null: nothing is told, which is most of the speed. */
export function createTrace(now: () => number, write: ((line: string) => void) | null): Trace {
  const lines: string[] = [];
  return {
    isOn: write !== null,
    say(actor, what) {
      if (write === null) return;
      const line = `${new Date(now()).toISOString()}  ${actor.padEnd(14)} ${what}`;
      lines.push(line);
      write(line);
    },
    lines: () => lines,
  };
}
