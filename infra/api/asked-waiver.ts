import type { StoredWaiver, WaiverStore } from '../../domain/audit/ports.ts';
import { checkPrecondition, type Precondition } from './entity-tags.ts';
import { refused } from './refusals.ts';
import { shown } from './said-of-issue.ts';

/** The waiver that a path names. @throws RequestRefused where there is none. */
export async function askedWaiver(id: string, store: Pick<WaiverStore, 'find'>): Promise<StoredWaiver> {
  // What cannot be the key of a row was never one.
  const stored = /^[\w-]{1,64}$/u.test(id) ? await store.find(id) : null;
  if (stored === null) {
    throw refused('not-found', `There is no waiver ${shown(id)}; GET /waivers?all=true lists those there are.`);
  }
  return stored;
}

/** The store, in which a waiver is there only while the precondition holds, until it was changed here. */
export function waiversUnder(precondition: Precondition | null, store: WaiverStore): WaiverStore {
  let isChanged = false;
  return {
    ...store,
    // What is replaced is what was found here, at its version: nobody gets between the check and the change.
    async find(id) {
      const stored = await store.find(id);
      if (stored !== null && !isChanged) checkPrecondition(precondition, stored.version, `Waiver ${id}`);
      return stored;
    },
    async replace(waiver, version) {
      const isReplaced = await store.replace(waiver, version);
      isChanged ||= isReplaced;
      return isReplaced;
    },
  };
}
