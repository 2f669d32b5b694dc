import type { WireObject } from '../azure/wire-object.ts';

/** Off: the tenant has Conditional Access policies instead. */
export const securityDefaults: WireObject = {
  id: '00000000-0000-0000-0000-000000000005',
  displayName: 'Security Defaults',
  description: 'Security defaults is a set of basic identity security mechanisms recommended by Microsoft.',
  isEnabled: false,
};

/** As in a tenant where nobody restricted anything. */
export const defaultAppManagementPolicy: WireObject = {
  id: '00000000-0000-0000-0000-000000000000',
  displayName: 'Default app management tenant policy',
  isEnabled: false,
  applicationRestrictions: { passwordCredentials: [], keyCredentials: [] },
  servicePrincipalRestrictions: { passwordCredentials: [], keyCredentials: [] },
};
