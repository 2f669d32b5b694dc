import type { Cause } from '../findings/finding.ts';
import type { Attribution } from './attribution.ts';
import {
  appPrefix,
  appsProperty,
  fileServicePrefix,
  securityDefaultsProperty,
  shareRolesProperty,
} from './fact-names.ts';
import { type FactValue, type FactValues, sameFact } from './fact-values.ts';

/** Where a fact lives, and so where the record of who changed it is kept. */
export type FactPart = 'account' | 'file-service' | 'access' | 'directory';

export const factParts: readonly FactPart[] = ['account', 'file-service', 'access', 'directory'];

export interface PropertyChange {
  readonly property: string;
  readonly before: FactValue;
  readonly after: FactValue;
}

/** That watched facts of an account changed: an entry of history beside the transitions of findings. */
export interface FactChange {
  /** The same for the same change however often it is recorded. */
  readonly id: string;
  /** ARM id of the account, lower case. */
  readonly key: string;
  readonly part: FactPart;
  /** When the facts were read that show it, epoch milliseconds. */
  readonly at: number;
  /** When the former facts were last known to hold, epoch milliseconds: it happened between the two. */
  readonly since: number;
  /** In order of property. */
  readonly properties: readonly PropertyChange[];
  /** Why Kerbwatch looked. */
  readonly cause: Cause;
  /** What could be said of who did it when it was noticed. */
  readonly attribution: Attribution;
  /** Object ids of the apps that changed, lower case: Entra's records name them. */
  readonly objectIds: readonly string[];
}

/** Whether Azure or Entra keeps a record of who changed what lies there; of role assignments none is known. */
export function hasRecords({ part }: Pick<FactChange, 'part'>): boolean {
  return part !== 'access';
}

export function partOf(property: string): FactPart {
  if (property === appsProperty || property === securityDefaultsProperty || property.startsWith(appPrefix)) {
    return 'directory';
  }
  if (property === shareRolesProperty) return 'access';
  return property.startsWith(fileServicePrefix) ? 'file-service' : 'account';
}

/**
 * What changed, by property. A property that was never read before is no change, however new its value; of an app that was
 * not there before everything is.
 */
export function changesBetween(before: FactValues, after: FactValues): readonly PropertyChange[] {
  const properties = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return properties.flatMap((property): PropertyChange[] => {
    const former = before[property];
    if (former === undefined && !isNew(property, before)) return [];
    const change = { property, before: former ?? null, after: after[property] ?? null };
    return sameFact(change.before, change.after) ? [] : [change];
  });
}

/** Whether a property without a former value belongs to an app that is proved not to have been there. */
function isNew(property: string, before: FactValues): boolean {
  const apps = before[appsProperty];
  if (!property.startsWith(appPrefix) || !Array.isArray(apps)) return false;
  return !(apps as readonly string[]).includes(property.slice(appPrefix.length).split('/')[0] ?? '');
}
