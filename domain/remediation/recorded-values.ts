import type { ChangeRecord } from '../drift/conclude.ts';
import type { Json } from '../model/verdict.ts';
import { valueAt } from './guarded-values.ts';
import type { PlanTarget } from './plan.ts';

/**
 * How the records of Entra call what a plan writes. The names are not documented; what is called otherwise is not read, and
 * what was there before stays unknown.
 */
const policyProperty = 'ConditionalAccessPolicy';
const propertiesOf: Readonly<Record<string, readonly string[]>> = {
  'application/identifierUris': ['AppIdentifierUri', 'IdentifierUris'],
  'application/tags': ['Tags', 'Tag'],
  'servicePrincipal/appRoleAssignmentRequired': ['AppRoleAssignmentRequired'],
  'oauth2PermissionGrant/scope': ['DelegatedPermissionGrant.Scope'],
};

/** The properties whose values are kept of a record while it is looked at; of all others their names alone. */
export const propertiesWithValues: readonly string[] = [policyProperty, ...Object.values(propertiesOf).flat()];

/** The value at a JSON pointer of what a plan writes, as it was before the recorded act or after it; undefined where the record does not say. */
export function recordedValue(
  { touched }: ChangeRecord,
  type: PlanTarget['type'],
  pointer: string,
  when: 'was' | 'became',
): Json | undefined {
  const isPolicy = type === 'conditionalAccessPolicy';
  const names = isPolicy ? [policyProperty] : (propertiesOf[`${type}${pointer}`] ?? []);
  const texts = touched.flatMap(({ values = {} }) =>
    names.flatMap((name) => Object.entries(values).filter(([said]) => said.toLowerCase() === name.toLowerCase())),
  );
  const text = texts[0]?.[1][when];
  const value = text === undefined || text === null ? undefined : parsed(text);
  if (value === undefined) return undefined;
  if (!isPolicy) return plain(value, pointer);
  // A policy is recorded whole: where what holds the lists is there, a list that is not is empty.
  if (valueAt(value, pointer.slice(0, pointer.lastIndexOf('/'))) === null) return undefined;
  return (valueAt(value, pointer) ?? []) as Json;
}

/** Values are JSON in a text, some of them twice. */
function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' && /^[[{]/u.test(value) ? JSON.parse(value) : value;
  } catch {
    return undefined;
  }
}

/** One value comes as a list of one. */
function plain(value: unknown, pointer: string): Json | undefined {
  const isList = pointer === '/identifierUris' || pointer === '/tags';
  if (isList) return Array.isArray(value) ? (value as Json) : undefined;
  const one: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
  if (pointer === '/scope') return typeof one === 'string' ? one : undefined;
  if (typeof one === 'boolean') return one;
  return one === 'true' || one === 'True' ? true : one === 'false' || one === 'False' ? false : undefined;
}
