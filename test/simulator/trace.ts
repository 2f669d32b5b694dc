/** What happened, in order of time. */
export interface Trace {
  readonly isOn: boolean;
  say(actor: string, what: string): void;
  /** Says that something begins, where more is said of it. @returns to be called when more is said */
  begins(actor: string, what: string): () => void;
  /** Says something where it belongs, which may be long past. @param time epoch milliseconds */
  mark(time: number, actor: string, what: string): void;
  /** Hands over all that was said: what is to be marked is known only when all has happened. */
  end(): void;
}

interface Line {
  readonly time: number;
  readonly text: string;
  isIdle: boolean;
}

/** @param write takes each line at the end; null: nothing is told, which is most of the speed. */
export function createTrace(now: () => number, write: ((line: string) => void) | null): Trace {
  const lines: Line[] = [];

  function put(time: number, actor: string, what: string): Line {
    const line = { time, text: `${new Date(time).toISOString()}  ${actor.padEnd(14)} ${what}`, isIdle: false };
    lines.push(line);
    return line;
  }

  return {
    isOn: write !== null,
    say(actor, what) {
      if (write !== null) put(now(), actor, what);
    },
    begins(actor, what) {
      if (write === null) return () => undefined;
      const line = put(now(), actor, what);
      line.isIdle = true;
      return () => {
        line.isIdle = false;
      };
    },
    mark(time, actor, what) {
      if (write !== null) put(time, actor, what);
    },
    end() {
      // What was said later of one time stays later.
      const told = lines.filter(({ isIdle }) => !isIdle).sort((a, b) => a.time - b.time);
      for (const { text } of told) write?.(text);
      lines.length = 0;
    },
  };
}
