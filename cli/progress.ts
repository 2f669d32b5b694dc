import type { Io } from './io.ts';

const second = 1000;
const clearLine = '\r\u001B[2K';

/** A line on a terminal's stderr that says what is going on, from the first second on. Nothing where nobody watches. */
export interface Progress {
  /** Says something that stays, such as where to type a device code. */
  readonly say: (text: string) => void;
  /** Takes the line away. */
  readonly stop: () => void;
}

/** @param label what is going on now, asked for each second */
export function startProgress({ stderr, now }: Pick<Io, 'stderr' | 'now'>, label: () => string): Progress {
  const startedAt = now();
  let shown = false;
  const clear = (): void => {
    if (shown) stderr.write(clearLine);
    shown = false;
  };
  const show = (): void => {
    stderr.write(`${clearLine}${label()} (${Math.round((now() - startedAt) / second)} s)`);
    shown = true;
  };
  const timer = stderr.isTTY === true ? setInterval(show, second) : undefined;
  return {
    say(text) {
      clear();
      stderr.write(`${text}\n`);
    },
    stop() {
      clearInterval(timer);
      clear();
    },
  };
}
