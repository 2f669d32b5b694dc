/** The state of a policy as the contract names it; one that is not known is kept as written. */
export function stateWord(state: string): string {
  return state.toLowerCase() === 'enabledforreportingbutnotenforced' ? 'report-only' : state;
}
