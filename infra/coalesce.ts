/**
 * Lets callers that ask at the same time share one reading that is fresh for each of them: who comes while a reading is
 * under way gets the next one, since the one under way may have passed what the caller wants to see.
 */
export function coalesce<T>(read: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | null = null;
  let next: Promise<T> | null = null;

  function start(): Promise<T> {
    const reading = read().finally(() => {
      if (running === reading) running = null;
    });
    running = reading;
    return reading;
  }

  return () => {
    if (running === null) return start();
    next ??= running.then(
      () => startNext(),
      () => startNext(),
    );
    return next;
  };

  function startNext(): Promise<T> {
    next = null;
    return start();
  }
}
