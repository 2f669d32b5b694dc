import { appPrefix, appsProperty, kindProperty, securityDefaultsProperty, shareRolesProperty } from './fact-names.ts';
import type { FactChange } from './fact-change.ts';

const identity = 'azureFilesIdentityBasedAuthentication.';
const source = `${identity}directoryServiceOptions`;
const app = [appsProperty];
/** An account of a kind without SMB shares is none that these rules are about. */
const ofAll = [kindProperty];

/**
 * The watched facts that each account rule decides by, as patterns of their names. A change of anything else in the same
 * audit explains nothing of its findings.
 */
const factsOfRules: Readonly<Record<string, readonly string[]>> = {
  'single-ad-source': [`${identity}*`, ...app],
  'domain-properties-paired': [source, `${identity}activeDirectoryProperties.*`],
  'account-supports-smb': [source],
  'storage-app-present': [source, ...app, ...ofApp('principalId', 'accountEnabled', 'disabledByMicrosoftStatus')],
  'storage-app-unambiguous': [source, ...app, ...ofApp('servicePrincipalNames', 'identifierUris')],
  'app-assignment-not-required': [source, ...app, ...ofApp('appRoleAssignmentRequired')],
  'spn-set-complete': [source, ...app, ...ofApp('servicePrincipalNames', 'identifierUris')],
  'private-link-spn': [
    source,
    'privateEndpointConnections',
    ...app,
    ...ofApp('servicePrincipalNames', 'identifierUris'),
  ],
  'mfa-excluded': [source, ...app, ...ofApp('policies'), securityDefaultsProperty],
  'conditional-access-not-blocking': [source, ...app, ...ofApp('policies')],
  'consent-granted': [source, ...app, ...ofApp('consentedScopes')],
  'consent-minimal': [source, ...app, ...ofApp('consentedScopes')],
  'sp-password-expiry': [source, ...app, ...ofApp('credentials', 'applicationCredentials')],
  'kerberos-aes256-allowed': [source, 'fileServices/default.*'],
  'cloud-only-group-tag': [source, ...app, ...ofApp('tags')],
  'share-permission-assigned': [source, `${identity}defaultSharePermission`, shareRolesProperty],
  'default-share-permission-not-elevated': [source, `${identity}defaultSharePermission`],
  'identity-not-bypassed': [source, 'allowSharedKeyAccess*', 'fileServices/default.*'],
};

/** Whether a change touches what a rule decides by. */
export function explains({ properties }: Pick<FactChange, 'properties'>, rule: string): boolean {
  const own = factsOfRules[rule];
  if (own === undefined) return false;
  const patterns = [...own, ...ofAll];
  return properties.some(({ property }) => patterns.some((pattern) => matches(property, pattern)));
}

/** Whether a rule decides by this property apart from those that say whether it applies at all. */
export function isOwnFact(property: string, rule: string): boolean {
  const shared = [source, ...app, ...ofAll];
  return (factsOfRules[rule] ?? []).some((pattern) => !shared.includes(pattern) && matches(property, pattern));
}

/** Whether a rule decides by what lies in Entra, of which an event about Azure knows nothing. */
export function looksAtEntra(rule: string): boolean {
  return (factsOfRules[rule] ?? []).some(
    (pattern) => pattern === appsProperty || pattern === securityDefaultsProperty || pattern.startsWith(appPrefix),
  );
}

/** `*` at an end stands for whatever is there. */
function matches(property: string, pattern: string): boolean {
  const [start = '', end] = pattern.split('*');
  return end === undefined ? property === pattern : property.startsWith(start) && property.endsWith(end);
}

function ofApp(...names: readonly string[]): readonly string[] {
  return names.map((name) => `${appPrefix}*/${name}`);
}
