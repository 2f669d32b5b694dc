import { act, type Act } from '../findings/act.ts';
import { alertOf } from '../findings/alert.ts';
import type { Finding, Transition } from '../findings/finding.ts';
import { isFaulty, isFindingState } from '../findings/lifecycle.ts';
import { noSubscription, placeOf } from '../findings/place.ts';
import type { StepContext } from '../findings/take-step.ts';
import { type Effect, FindingConflict, type FindingStore, type StoredFinding } from './ports.ts';

/** No finding has this id. */
export class FindingUnknown extends Error {
  override readonly name = 'FindingUnknown';
  constructor(findingId: string) {
    super(`There is no finding ${findingId}: kerbwatch findings list shows those there are`);
  }
}

/** The finding is in a state in which this cannot be done to it. */
export class FindingRefuses extends Error {
  override readonly name = 'FindingRefuses';
}

/** A newer version wrote the finding: this one must not overwrite what it does not understand. */
export class FindingFromNewerVersion extends Error {
  override readonly name = 'FindingFromNewerVersion';
  constructor({ id, state }: Finding) {
    super(
      `${id} is in the state "${state}", which this version does not know: a newer one wrote it and has to change it`,
    );
  }
}

export interface FindingChanged {
  readonly finding: Finding;
  /** Null when it was so already. */
  readonly transition: Transition | null;
}

const attempts = 5;

/**
 * The finding of an id, as people name it. Where an account of the same name was made again elsewhere, the one whose fault
 * is there counts, else the one that changed last.
 * @throws FindingUnknown, FindingFromNewerVersion
 */
export async function findingOfId(findingId: string, store: FindingStore): Promise<Finding> {
  const found = (await store.find(findingId)).map(({ finding }) => finding);
  const [first] = found.sort(
    (a, b) => Number(isFaulty(b.state)) - Number(isFaulty(a.state)) || b.changedAt - a.changedAt,
  );
  if (first === undefined) throw new FindingUnknown(findingId);
  if (!isFindingState(first.state)) throw new FindingFromNewerVersion(first);
  return first;
}

/**
 * Does something to one finding, with its transition and its alert, under an ETag; when somebody else was first it is read
 * again, and what is to be done decided anew.
 * @param decide the act that the finding as it is now calls for; null for none.
 * @param alongside what leaves with the change beside its alert
 * @throws FindingUnknown when it is not there any more, FindingFromNewerVersion, FindingConflict after five tries.
 */
export async function changeFinding(
  about: Finding,
  decide: (finding: Finding) => Act | null,
  context: StepContext,
  store: FindingStore,
  alongside: (changed: Finding) => readonly Effect[] = () => [],
): Promise<FindingChanged> {
  const { partition } = placeOf(about);
  for (let attempt = 1; ; attempt += 1) {
    const stored = await readAgain(about, store);
    if (stored === null) throw new FindingUnknown(about.id);
    const { finding, version } = stored;
    if (!isFindingState(finding.state)) throw new FindingFromNewerVersion(finding);
    const wanted = decide(finding);
    const { next, transition } = wanted === null ? { next: null, transition: null } : act(finding, wanted, context);
    if (next === null || transition === null) return { finding, transition: null };
    const alert = alertOf(next, transition);
    const effects = [...alongside(next), ...(alert === null ? [] : [{ kind: 'alert', alert } as const])];
    try {
      await store.commit(partition, [{ finding: next, version, transition, effects }]);
      return { finding: next, transition };
    } catch (error) {
      if (!(error instanceof FindingConflict) || attempt === attempts) throw error;
    }
  }
}

/** The finding as it is stored now; null when it is not there any more. */
export async function readAgain(about: Finding, store: FindingStore): Promise<StoredFinding | null> {
  const { partition, key } = placeOf(about);
  const all = partition === noSubscription ? await store.readAll(partition) : await store.read(partition, [key]);
  return all.find(({ finding }) => placeOf(finding).key === key && finding.rule === about.rule) ?? null;
}
