import { type Collection, gapsOf, known } from '../../../domain/model/collection.ts';
import type { DirectoryFacts, SharedFacts } from '../../../domain/model/facts.ts';
import type { Wrong } from './wrong.ts';

/** Takes a list that may not be read for an empty one. */
export function emptyListOn403(): Wrong {
  return {
    parts: (parts) => ({
      ...parts,
      facts: { ...parts.facts, shared: async () => believed(await parts.facts.shared()) },
      collections: {
        ...parts.collections,
        capture: async (runId, wanted) => {
          const captured = await parts.collections.capture(runId, wanted);
          return { ...captured, ...believed(captured) };
        },
        shared: async (runId) => believed(await parts.collections.shared(runId)),
      },
    }),
  };
}

function believed({ directory, resources }: SharedFacts): SharedFacts {
  const lists = Object.entries(directory).map(([name, list]) => [
    name,
    typeof list === 'string' ? list : orEmpty(list as Collection<unknown>),
  ]);
  return { directory: Object.fromEntries(lists) as DirectoryFacts, resources };
}

function orEmpty(list: Collection<unknown>): Collection<unknown> {
  return gapsOf(list).some(({ reason }) => reason === 'forbidden') ? known([]) : list;
}
