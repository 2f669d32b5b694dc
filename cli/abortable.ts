/**
 * What `work` gives, unless the signal comes first: some of what work waits for, such as `az` or a pause before a retry,
 * does not listen to it.
 *
 * @throws the signal's reason, and what `work` throws
 */
export async function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => {
    aborted.reject(signal.reason as Error);
  };
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort);
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
