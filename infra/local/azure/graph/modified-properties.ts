import type { WireObject } from '../wire-object.ts';
import type { ModifiedProperty } from './audit-trail.ts';

/** Names that the records of Entra have for members of an application; others are the member with a capital. */
const otherNames: Readonly<Record<string, string>> = { identifierUris: 'AppIdentifierUri' };

/** A member of an application or a service principal: a value that is no list is recorded as a list of one. */
export function modifiedApp(member: string, before: WireObject | null, after: WireObject | null): ModifiedProperty {
  const inList = (object: WireObject | null): string | null => {
    const value = object?.[member];
    return value === undefined || value === null ? null : JSON.stringify(Array.isArray(value) ? value : [value]);
  };
  const displayName = otherNames[member] ?? `${member.charAt(0).toUpperCase()}${member.slice(1)}`;
  return { displayName, oldValue: inList(before), newValue: inList(after) };
}

/** A policy is recorded whole. */
export function modifiedPolicy(before: WireObject | null, after: WireObject | null): readonly ModifiedProperty[] {
  return [{ displayName: 'ConditionalAccessPolicy', oldValue: json(before), newValue: json(after) }];
}

export function modifiedGrant(before: WireObject | null, after: WireObject | null): readonly ModifiedProperty[] {
  const property = (name: string, member: string): ModifiedProperty => ({
    displayName: name,
    oldValue: json(before?.[member] ?? null),
    newValue: json(after?.[member] ?? null),
  });
  return [
    property('DelegatedPermissionGrant.Scope', 'scope'),
    property('DelegatedPermissionGrant.ConsentType', 'consentType'),
    property('ServicePrincipal.ObjectID', 'clientId'),
  ];
}

function json(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}
