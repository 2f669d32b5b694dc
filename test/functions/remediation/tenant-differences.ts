import { isDeepStrictEqual } from 'node:util';
import type { CollectionName } from '../../../domain/model/collection.ts';
import type { LocalTenant } from '../../../infra/local/azure/local-tenant.ts';
import { isWireObject, type WireObject } from '../../../infra/local/azure/wire-object.ts';

/** Every field of a tenant by its place: `applications ID tags`. A list is one field; what is not there is undefined. */
export type Fields = ReadonlyMap<string, unknown>;

/** What differs, by place: the value before and the value after. */
export type Differences = Readonly<Record<string, readonly [before: unknown, after: unknown]>>;

/** Every field of every object of a tenant as it is now. */
export function fieldsOf(tenant: LocalTenant): Fields {
  const fields = new Map<string, unknown>();
  for (const [name, objects] of tenant.collections) {
    for (const [key, object] of objects) addFields(fields, placeOf(name, key, object), structuredClone(object));
  }
  return fields;
}

/** The places whose values are not the same. */
export function differences(before: Fields, after: Fields): Differences {
  return Object.fromEntries(
    [...new Set([...before.keys(), ...after.keys()])]
      .filter((place) => !isDeepStrictEqual(before.get(place), after.get(place)))
      .map((place) => [place, [before.get(place), after.get(place)]]),
  );
}

/** A consent is known by whose it is: given again, it has another id. */
function placeOf(name: CollectionName, key: string, object: WireObject): string {
  return name === 'oauth2-permission-grants' ? grantPlace(object) : `${name} ${key}`;
}

/** Where the fields of a consent lie. */
export function grantPlace({ clientId, consentType, resourceId }: WireObject): string {
  return `grant ${String(clientId)} ${String(consentType)} ${String(resourceId)}`;
}

/** The service writes the time of an edit of a policy itself, and the id of a consent. */
function addFields(fields: Map<string, unknown>, place: string, object: WireObject): void {
  for (const [name, value] of Object.entries(object)) {
    if (name === 'modifiedDateTime' || (name === 'id' && place.startsWith('grant '))) continue;
    if (isWireObject(value)) addFields(fields, `${place} ${name}`, value);
    else fields.set(`${place} ${name}`, value);
  }
}
