/** The process ends here, as far as the code under test can tell. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

/** Ends the process once, before or after the `at`-th call of any port (0 is the first). */
export interface Faults {
  arm(at: number, when: 'before' | 'after'): void;
  /** How many calls there were since it was armed or made. */
  calls(): number;
  /** Whether the fault has struck. */
  struck(): boolean;
  around(call: () => unknown): unknown;
}

export function createFaults(): Faults {
  let armed: { readonly at: number; readonly when: 'before' | 'after' } | null = null;
  let count = 0;
  let hit = false;

  function strike(step: number, when: 'before' | 'after'): void {
    if (hit || armed?.at !== step || armed.when !== when) return;
    hit = true;
    throw new Crash(`${when} call ${String(step)}`);
  }

  return {
    arm(at, when) {
      armed = { at, when };
      count = 0;
      hit = false;
    },
    calls: () => count,
    struck: () => hit,
    around(call) {
      const step = count;
      count += 1;
      strike(step, 'before');
      const result = call();
      if (result instanceof Promise) {
        return result.then((value: unknown) => {
          strike(step, 'after');
          return value;
        });
      }
      strike(step, 'after');
      return result;
    },
  };
}

/** The same port, each of whose calls may be the one that the fault strikes. */
export function interruptible<T extends object>(port: T, faults: Faults): T {
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...given: unknown[]) => faults.around(() => Reflect.apply(member, target, given) as unknown);
    },
  });
}
