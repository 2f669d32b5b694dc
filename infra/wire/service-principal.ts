import { z } from 'zod';
import type { ServicePrincipal } from '../../domain/model/directory.ts';
import type { WireObject } from '../estate-source.ts';
import { foldedId, optionalFlag, optionalList, optionalText, requiredList, title } from './fields.ts';
import { parseWire } from './parse-wire.ts';
import { ownerIds } from './owner-ids.ts';
import { passwordCredentials } from './password-credentials.ts';
import { securityAttributes } from './security-attributes.ts';

const wireServicePrincipal = z
  .object({
    id: foldedId,
    appId: foldedId,
    displayName: title,
    servicePrincipalNames: requiredList,
    accountEnabled: optionalFlag,
    // Graph documents `NotDisabled` beside null; both say that Microsoft did nothing.
    disabledByMicrosoftStatus: optionalText.transform((status) =>
      status?.toLowerCase() === 'notdisabled' ? null : status,
    ),
    appRoleAssignmentRequired: optionalFlag,
    tags: optionalList,
    passwordCredentials,
    keyCredentials: passwordCredentials,
    owners: ownerIds,
    customSecurityAttributes: securityAttributes,
    appOwnerOrganizationId: optionalText,
  })
  .transform(({ customSecurityAttributes, appOwnerOrganizationId, owners, ...principal }): ServicePrincipal => ({
    ...principal,
    ownerIds: owners,
    securityAttributes: customSecurityAttributes,
    ownerTenantId: appOwnerOrganizationId?.toLowerCase() ?? null,
  }));

/** A Graph `servicePrincipal` (domain facts 2.1, 4). Throws `WireMalformed`. */
export function parseServicePrincipal(object: WireObject): ServicePrincipal {
  return parseWire('service principal', wireServicePrincipal, object);
}
