import type { Timeline } from './timeline.ts';
import { accountKeyOf } from './tenant/live.ts';
import type { Tenant } from './tenant/tenant.ts';
import { type Fault, faultsOf, passwordTurns, watchedRules } from './truth-faults.ts';

/** From when on a fault was there as it was, or was not. */
export interface Stretch {
  readonly from: number;
  /** Null: there was none. */
  readonly fault: Fault | null;
}

/** What is wrong in truth, and since when. A key is a finding's place, in lower case. */
export interface Truth {
  /** Every place and rule of which anything is known, with its stretches, oldest first. */
  all(): ReadonlyMap<string, { readonly key: string; readonly rule: string; readonly stretches: readonly Stretch[] }>;
  /** How it is, and since when there has been a fault, or none, whatever became of it meanwhile. */
  now(key: string, rule: string): Stretch & { readonly since: number };
  /** How it was in that time, both ends included. */
  during(key: string, rule: string, from: number, to: number): readonly (Fault | null)[];
  /** Whether there was a moment in that time, both ends included, in which it was so. */
  was(isFaulty: boolean, key: string, rule: string, from: number, to: number): boolean;
  /** Whether the calendar alone makes a fault of a password, or a worse one, between now and then: a clock that is ahead sees it. */
  turnsBefore(time: number): boolean;
  /** Looks again: something may have changed. */
  readonly look: () => void;
  /** Called when a fault comes, changes or goes. */
  onTurned(listener: (key: string, rule: string) => void): void;
}

const never: Stretch = { from: -Infinity, fault: null };

export function createTruth(tenant: Tenant, { timeline }: { readonly timeline: Timeline }): Truth {
  const places = new Map<string, { key: string; rule: string; stretches: Stretch[] }>();
  const turns = new Set<number>();
  const listeners: ((key: string, rule: string) => void)[] = [];

  function note(key: string, rule: string, fault: Fault | null): void {
    const id = `${key}/${rule}`;
    const found = places.get(id) ?? { key, rule, stretches: [never] };
    places.set(id, found);
    if (isSame(found.stretches.at(-1)?.fault ?? null, fault)) return;
    found.stretches.push({ from: timeline.now(), fault });
    for (const listener of listeners) listener(key, rule);
  }

  function look(): void {
    const faults = faultsOf(tenant, timeline.now());
    const faulty = new Set(faults.map(({ key, rule }) => `${key}/${rule}`));
    for (const [id, { key, rule }] of places) if (!faulty.has(id)) note(key, rule, null);
    for (const { key, rule, fault } of faults) note(key, rule, fault);
    for (const account of tenant.live.accounts) {
      if (account.exists)
        for (const rule of watchedRules)
          if (!places.has(`${accountKeyOf(account)}/${rule}`)) note(accountKeyOf(account), rule, null);
    }
    lookAtTurns();
  }

  /** What comes with time alone comes without an act. */
  function lookAtTurns(): void {
    for (const turn of passwordTurns(tenant.directory.facts())) {
      if (turn <= timeline.now() || turns.has(turn)) continue;
      turns.add(turn);
      timeline.at(turn, look);
    }
  }

  function stretchesOf(key: string, rule: string): readonly Stretch[] {
    return places.get(`${key}/${rule}`)?.stretches ?? [never];
  }

  function during(key: string, rule: string, from: number, to: number): readonly (Fault | null)[] {
    const stretches = stretchesOf(key, rule);
    return stretches
      .filter((stretch, index) => stretch.from <= to && (stretches[index + 1]?.from ?? Infinity) >= from)
      .map(({ fault }) => fault);
  }

  tenant.directory.onPublished(look);
  look();
  return {
    all: () => places,
    now(key, rule) {
      const stretches = stretchesOf(key, rule);
      const last = stretches.at(-1) ?? never;
      const other = stretches.findLastIndex(({ fault }) => (fault === null) !== (last.fault === null));
      return { ...last, since: stretches[other + 1]?.from ?? last.from };
    },
    during,
    was: (isFaulty, key, rule, from, to) => during(key, rule, from, to).some((fault) => (fault !== null) === isFaulty),
    turnsBefore: (time) => [...turns].some((turn) => turn > timeline.now() && turn <= time),
    look,
    onTurned: (listener) => void listeners.push(listener),
  };
}

function isSame(a: Fault | null, b: Fault | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
