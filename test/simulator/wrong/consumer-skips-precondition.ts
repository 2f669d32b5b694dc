import type { Wrong } from './wrong.ts';

/** Writes what was planned without looking whether it is still to be done. */
export function consumerSkipsPrecondition(): Wrong {
  return {
    parts(parts) {
      const { executor } = parts;
      if (executor === null) return parts;
      const written = new WeakSet();
      return {
        ...parts,
        executor: {
          // What is read after the write is what is there.
          read: (call) => (written.has(call) ? executor.read(call) : Promise.resolve(shown(call.reads.expect))),
          execute(call) {
            written.add(call);
            return executor.execute(call);
          },
        },
      };
    },
  };
}

/** An answer that has each value at its pointer. */
function shown(values: Readonly<Record<string, unknown>>): unknown {
  const answer: Record<string, unknown> = {};
  for (const [pointer, value] of Object.entries(values)) {
    const path = pointer.split('/').slice(1);
    const last = path.pop() ?? '';
    let place = answer;
    for (const name of path) place = (place[name] ??= {}) as Record<string, unknown>;
    place[last] = value;
  }
  return answer;
}
