import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startProgress } from '../../cli/progress.ts';

const clearLine = '\r\u001B[2K';

function on(isTTY: boolean) {
  const written: string[] = [];
  const stderr = { isTTY, write: (text: string) => written.push(text) };
  return { written, progress: startProgress({ stderr, now: () => Date.now() }, () => 'Reading') };
}

describe('progress', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('shows one line from the first second on, and takes it away', () => {
    const { written, progress } = on(true);

    vi.advanceTimersByTime(999);
    expect(written).toEqual([]);
    vi.advanceTimersByTime(1001);
    progress.stop();
    vi.advanceTimersByTime(5000);

    expect(written).toEqual([`${clearLine}Reading (1 s)`, `${clearLine}Reading (2 s)`, clearLine]);
  });

  it('says what stays on a line of its own', () => {
    const { written, progress } = on(true);

    vi.advanceTimersByTime(1000);
    progress.say('Type the code ABC.');
    progress.stop();

    expect(written).toEqual([`${clearLine}Reading (1 s)`, clearLine, 'Type the code ABC.\n']);
  });

  it('is silent where nobody watches, but for what stays', () => {
    const { written, progress } = on(false);

    vi.advanceTimersByTime(5000);
    progress.say('Type the code ABC.');
    progress.stop();

    expect(written).toEqual(['Type the code ABC.\n']);
  });
});
