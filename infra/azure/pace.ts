/** Lets `most` through within `withinMs`, and holds up the rest in the order in which they came. */
export function createPace({
  most,
  withinMs,
  sleep,
  now,
}: {
  readonly most: number;
  readonly withinMs: number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly now: () => number;
}): () => Promise<void> {
  let passed: number[] = [];
  let before: Promise<void> = Promise.resolve();

  async function pass(): Promise<void> {
    const [oldest] = passed.slice(-most);
    if (passed.length >= most && oldest !== undefined) {
      const wait = oldest + withinMs - now();
      if (wait > 0) await sleep(wait);
    }
    passed = [...passed.slice(1 - most), now()];
  }

  return () => {
    const turn = before.then(pass);
    // Who was held up and gave up holds up nobody else.
    before = turn.catch(() => undefined);
    return turn;
  };
}
