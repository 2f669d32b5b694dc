/** As many places as a line can name. */
const mostPlaces = 3;

/** Words in a sentence: `a, b and c`. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}

/** The subscriptions of scopes in a sentence, each once and sorted; three at most, then how many more there are. */
export function listedSubscriptions(scopes: readonly string[]): string {
  const distinct = [...new Set(scopes.map(subscriptionOf))].sort();
  const more = distinct.length - mostPlaces;
  return more > 0 ? `${distinct.slice(0, mostPlaces).join(', ')} and ${String(more)} more` : listed(distinct);
}

/** `/subscriptions/<id>` of a scope; for that of the tenant, words. */
export function subscriptionOf(scope: string): string {
  return /^\/subscriptions\/[^/]+/u.exec(scope)?.[0] ?? 'your subscriptions';
}
