import type { WireObject } from '../../estate-source.ts';
import type { Reading } from '../failure.ts';
import { isWireObject } from '../wire-object.ts';

const member = 'customSecurityAttributes';

/** Whether a Conditional Access policy picks apps by their security attributes. */
export function filtersApplications({ conditions }: WireObject): boolean {
  const applications = isWireObject(conditions) ? conditions['applications'] : null;
  return isWireObject(applications) && isWireObject(applications['applicationFilter']);
}

/**
 * Principals without attributes that say nothing. To a caller without the permission, Graph sends null for every principal,
 * as for one that has none; only where it shows some attribute is null an answer.
 */
export function withReadAttributes(reading: Reading): Reading {
  if (reading.items.some((principal) => isWireObject(principal[member]))) return reading;
  const items = reading.items.map((principal) =>
    Object.fromEntries(Object.entries(principal).filter(([name]) => name !== member)),
  );
  return { ...reading, items };
}
