import type { Waiver } from '../../../domain/findings/waiver.ts';
import { unpackJson } from '../../../infra/azure/tables/json-properties.ts';
import { StoredWaiver } from '../../../infra/azure/tables/stored-waiver.ts';
import type { Simulation } from '../simulation.ts';

/** All waivers that were ever given, as they are stored now. */
export function waiverRows({ store }: Pick<Simulation, 'store'>): readonly Waiver[] {
  return store.waivers
    .page({}, Infinity, null)
    .map(({ properties }) => StoredWaiver.parse(unpackJson('body', properties)));
}
