import { appPrefix, appsProperty, securityDefaultsProperty } from './fact-names.ts';
import type { PropertyChange } from './fact-change.ts';

/** What a record of Entra says was done: the name of the activity, and the properties that it says it changed. */
export interface EntraAct {
  readonly operation: string | null;
  /** Any case; empty where it does not say. */
  readonly modified: readonly string[];
}

/** By which acts a fact can have changed. */
interface Traces {
  /** Acts that change this, whatever they say of properties. */
  readonly acts?: readonly string[];
  /** Names under which an act that may change anything has to say that it changed this. */
  readonly properties?: readonly string[];
  /** Not for what a new object may well have from the start, and another may be given later. */
  readonly livesWithObject?: false;
}

const generalActs = ['update application', 'update service principal'];
const makingActs = ['add application', 'add service principal', 'restore application', 'restore service principal'];
const removingActs = [
  'delete application',
  'hard delete application',
  'remove service principal',
  'hard delete service principal',
];
const credentialProperties = ['KeyDescription', 'KeyCredentials', 'PasswordCredentials'];
const nameProperties = ['AppIdentifierUri', 'IdentifierUris', 'ServicePrincipalName', 'ServicePrincipalNames'];

/**
 * The names of activities are those of Entra's reference of audit activities; those of properties are not documented. What
 * is called otherwise proves nothing, and is a candidate at most.
 */
const tracesOf: Readonly<Record<string, Traces>> = {
  [appsProperty]: { properties: [...nameProperties, 'DisplayName'] },
  [securityDefaultsProperty]: { acts: ['update security defaults'], livesWithObject: false },
  principalId: {},
  applicationId: {},
  accountEnabled: { properties: ['AccountEnabled'] },
  disabledByMicrosoftStatus: { properties: ['DisabledByMicrosoftStatus'], livesWithObject: false },
  appRoleAssignmentRequired: { properties: ['AppRoleAssignmentRequired'] },
  servicePrincipalNames: { properties: nameProperties },
  identifierUris: { properties: nameProperties },
  tags: { properties: ['Tags', 'Tag'] },
  owners: { acts: ['add owner to application', 'remove owner from application'] },
  credentials: {
    acts: ['add service principal credentials', 'remove service principal credentials'],
    properties: credentialProperties,
  },
  applicationCredentials: {
    acts: ['update application - certificates and secrets management'],
    properties: credentialProperties,
  },
  consentedScopes: {
    acts: [
      'consent to application',
      'revoke consent',
      'restore consent',
      'add delegated permission grant',
      'remove delegated permission grant',
    ],
  },
  policies: {
    acts: ['add conditional access policy', 'update conditional access policy', 'delete conditional access policy'],
  },
};

/** Whether an act is one that changes such a property. That it touched the object is for others to tell. */
export function canHaveChanged(change: PropertyChange, { operation, modified }: EntraAct): boolean {
  const traces = tracesOf[factName(change.property)];
  if (traces === undefined || operation === null) return false;
  const act = actName(operation);
  if (traces.acts?.includes(act) === true) return true;
  if (traces.livesWithObject !== false && lifeActs(change).includes(act)) return true;
  const own = traces.properties?.map((name) => name.toLowerCase()) ?? [];
  return generalActs.includes(act) && modified.some((name) => own.includes(name.toLowerCase()));
}

/** Acts by which the property came or went together with the object that has it. */
function lifeActs({ property, before, after }: PropertyChange): readonly string[] {
  const exchanged = property === appsProperty || (typeof before === 'string' && typeof after === 'string');
  return [...(before === null || exchanged ? makingActs : []), ...(after === null || exchanged ? removingActs : [])];
}

function factName(property: string): string {
  return property.startsWith(appPrefix) ? (property.split('/')[2] ?? '') : property;
}

/** The reference spells one name with a dash, the service with an en dash and a space at the end. */
function actName(operation: string): string {
  return operation
    .replaceAll(/[\u2010-\u2015]/gu, '-')
    .replaceAll(/\s+/gu, ' ')
    .trim()
    .toLowerCase();
}
