import type { LiveTenant } from './live.ts';

/** All that can be written in the directory, by place: each value as text. */
export type TenantState = ReadonlyMap<string, string>;

/** One thing that was done to the tenant. */
export interface Step {
  readonly by: 'administrator' | 'remediator';
  /** Epoch milliseconds. */
  readonly at: number;
  /** The call as text; empty for what an administrator did. */
  readonly call: string;
  /** What became of each place that it changed; null: it is gone. */
  readonly changed: readonly (readonly [place: string, value: string | null])[];
}

export function tenantState({ accounts, policy }: LiveTenant): TenantState {
  const state = new Map<string, string>([
    ['policy.state', policy.state],
    ['policy.excluded', policy.excluded.join()],
  ]);
  for (const { name, exists, files, app } of accounts) {
    if (exists) state.set(`files ${name}`, JSON.stringify(files));
    if (app === null) continue;
    const place = `app ${String(app.number)}`;
    state.set(`${place}.assignmentRequired`, String(app.assignmentRequired));
    state.set(`${place}.names`, app.moreNames.join());
    state.set(`${place}.tags`, app.tags.join());
    for (const { id, scope } of app.consents) state.set(`${place}.consent ${id}`, scope);
  }
  return state;
}

/** What stood at a place after that step of the journal; null: nothing. */
export function valueAfter(
  { journal, stateAtStart }: { readonly journal: readonly Step[]; readonly stateAtStart: TenantState },
  place: string,
  step: number,
): string | null {
  for (let index = step; index >= 0; index -= 1) {
    const change = journal[index]?.changed.find(([changed]) => changed === place);
    if (change !== undefined) return change[1];
  }
  return stateAtStart.get(place) ?? null;
}

export function changesBetween(before: TenantState, after: TenantState): Step['changed'] {
  const places = [...new Set([...before.keys(), ...after.keys()])];
  return places
    .filter((place) => before.get(place) !== after.get(place))
    .map((place) => [place, after.get(place) ?? null] as const);
}
