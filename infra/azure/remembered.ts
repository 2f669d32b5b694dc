/**
 * Asks once for what is asked for again within `keptMs`, also while the first answer is on its way. A failure is not kept.
 * @param now epoch milliseconds
 */
export function remembered<T>(
  keptMs: number,
  now: () => number,
  ask: (key: string) => Promise<T>,
): (key: string) => Promise<T> {
  const answers = new Map<string, { readonly at: number; readonly answer: Promise<T> }>();
  return (key) => {
    for (const [known, { at }] of answers) if (at + keptMs <= now()) answers.delete(known);
    const kept = answers.get(key);
    if (kept !== undefined) return kept.answer;
    const answer = ask(key);
    answers.set(key, { at: now(), answer });
    answer.catch(() => answers.delete(key));
    return answer;
  };
}
