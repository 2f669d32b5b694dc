import type { StoredAttribution } from '../../../domain/audit/drift-ports.ts';
import type { FactChange } from '../../../domain/drift/fact-change.ts';
import { unpackJson } from '../../../infra/azure/tables/json-properties.ts';
import type { Simulation } from '../simulation.ts';

/** Records and the clocks of who read them differ by so much, and what a list shows is minutes old. */
const margin = 15 * 60_000;

/** Whoever is proved to have made a change did something at that time to what changed. */
export function attributions({ store, tenant, violations, counts }: Simulation): void {
  const rows = store.history.page({}, Infinity, null);
  const changes = new Map(
    rows
      .filter(({ rowKey }) => rowKey.startsWith('change~'))
      .map(({ properties }) => unpackJson('body', properties) as FactChange)
      .map((change) => [change.id, change]),
  );
  for (const { rowKey, properties } of rows) {
    if (!rowKey.startsWith('attribution~')) continue;
    const { changeId, key, attribution } = unpackJson('body', properties) as StoredAttribution;
    const change = changes.get(changeId);
    if (change === undefined) {
      violations.add(`Somebody is named for a change that history does not tell of: ${changeId} of ${key}`);
      continue;
    }
    if (attribution.confidence !== 'proved') continue;
    counts.attributed += 1;
    const didSo = tenant.recorded.some(
      ({ accountKey, record }) =>
        record.actor.objectId === attribution.actor.objectId &&
        record.at >= change.since - margin &&
        record.at <= change.at + margin &&
        (change.part === 'directory' ? accountKey === null : accountKey === key),
    );
    if (!didSo)
      violations.add(
        `${String(attribution.actor.objectId)} is proved to have made change ${changeId} of ${key}, and did nothing`,
      );
  }
}
