/** The path of a job below the API. */
export function jobPath(id: string): string {
  return `/jobs/${encodeURIComponent(id.trim())}`;
}

/** A query of what was given; empty where nothing was. */
export function queryOf(given: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(given)) if (value !== undefined) query.set(name, value);
  return query.size === 0 ? '' : `?${query.toString()}`;
}
