/** What facts of the file service begin with; the rest is their path on the wire. */
export const fileServicePrefix = 'fileServices/default.';
/** The appIds of the account's storage apps. */
export const appsProperty = 'apps';
export const appPrefix = 'app/';
export const securityDefaultsProperty = 'tenant/securityDefaults';

/** Role assignments that let somebody mount a share. */
export const shareRolesProperty = 'shareRoleAssignments';
/** Not among the properties of the account on the wire, but beside them. */
export const kindProperty = 'kind';

/** The name of a fact about one app. @param appId lower case */
export function appProperty(appId: string, name: string): string {
  return `${appPrefix}${appId}/${name}`;
}
