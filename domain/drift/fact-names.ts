/** What facts of the file service begin with; the rest is their path on the wire. */
export const fileServicePrefix = 'fileServices/default.';
/** The appIds of the account's storage apps. */
export const appsProperty = 'apps';
export const appPrefix = 'app/';
export const securityDefaultsProperty = 'tenant/securityDefaults';

/** The name of a fact about one app. @param appId lower case */
export function appProperty(appId: string, name: string): string {
  return `${appPrefix}${appId}/${name}`;
}
