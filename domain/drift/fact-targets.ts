import {
  appPrefix,
  appProperty,
  appsProperty,
  fileServicePrefix,
  kindProperty,
  securityDefaultsProperty,
} from './fact-names.ts';
import type { FactChange, PropertyChange } from './fact-change.ts';
import type { FactValue, FactValues } from './fact-values.ts';

/** The id of the one policy of security defaults, the same in every tenant; not read in a page of the service's own. */
const securityDefaultsId = '00000000-0000-0000-0000-000000000005';
const policiesEnding = '/policies';

/** What a record of changes has to name to be about a property: a path on the wire, or object ids in Entra. */
export function factTargets(
  { property, before, after }: PropertyChange,
  { part, objectIds }: Pick<FactChange, 'part' | 'objectIds'>,
): readonly string[] {
  switch (part) {
    case 'account':
      return [property === kindProperty ? property : `properties.${property}`];
    case 'access':
      return [];
    case 'file-service':
      return [`properties.${property.slice(fileServicePrefix.length)}`];
    case 'directory':
      if (property === securityDefaultsProperty) return [securityDefaultsId];
      // What a policy does to an app also changes with the app itself.
      return property.endsWith(policiesEnding) ? [...changedPolicies(before, after), ...objectIds] : objectIds;
  }
}

/** All Entra objects whose records may tell who made the change, sorted. */
export function directoryTargets(change: FactChange): readonly string[] {
  if (change.part !== 'directory') return [];
  return [...new Set(change.properties.flatMap((property) => factTargets(property, change)))].sort();
}

/**
 * The objects of the apps themselves that changed; a policy's or the tenant's change says nothing of them.
 * @param facts of before and after: an app that went is named in the former only
 */
export function appObjectIds(changes: readonly PropertyChange[], ...facts: readonly FactValues[]): readonly string[] {
  const appIds = changes.flatMap(appIdsOf);
  const ids = appIds.flatMap((appId) =>
    ['principalId', 'applicationId'].flatMap((name) =>
      facts.flatMap((values) => textOf(values[appProperty(appId, name)])),
    ),
  );
  return [...new Set(ids)].sort();
}

function appIdsOf({ property, before, after }: PropertyChange): readonly string[] {
  if (property === appsProperty) return differing(before, after);
  if (!property.startsWith(appPrefix) || property.endsWith(policiesEnding)) return [];
  return [property.slice(appPrefix.length).split('/')[0] ?? ''];
}

/** Ids of the policies whose effect on the app is another one. */
function changedPolicies(before: FactValue, after: FactValue): readonly string[] {
  return [...new Set(differing(before, after).map((entry) => entry.split(' ')[0] ?? ''))];
}

function differing(before: FactValue, after: FactValue): readonly string[] {
  const [former, present] = [listOf(before), listOf(after)];
  return [...former.filter((entry) => !present.includes(entry)), ...present.filter((entry) => !former.includes(entry))];
}

function listOf(value: FactValue): readonly string[] {
  return typeof value === 'object' && value !== null ? value : [];
}

function textOf(value: FactValue | undefined): readonly string[] {
  return typeof value === 'string' ? [value] : [];
}
