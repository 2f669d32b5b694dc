/** Ids of waivers for tests, in the order in which their sayings come: w1, w2, … */
export function waiverIds(): (saying: string) => string {
  const ids = new Map<string, string>();
  return (saying) => {
    const id = ids.get(saying) ?? `w${String(ids.size + 1)}`;
    ids.set(saying, id);
    return id;
  };
}
