import { z } from 'zod';
import type { AppManagementPolicy, PasswordRestriction } from '../../domain/model/tenant-policies.ts';
import type { WireObject } from '../estate-source.ts';
import { optionalFlag, optionalInstant, optionalText } from './fields.ts';
import { keyword } from './keyword.ts';
import { parseWire } from './parse-wire.ts';

const restriction = z
  .object({
    restrictionType: z
      .string()
      .transform(
        keyword(
          'passwordAddition',
          'passwordLifetime',
          'symmetricKeyAddition',
          'symmetricKeyLifetime',
          'customPasswordAddition',
        ),
      ),
    state: optionalText.transform((state) => (state === null ? null : keyword('enabled', 'disabled')(state))),
    maxLifetime: optionalText,
    restrictForAppsCreatedAfterDateTime: optionalInstant,
  })
  .transform(({ restrictionType, state, maxLifetime, restrictForAppsCreatedAfterDateTime }): PasswordRestriction => ({
    type: restrictionType,
    state,
    maxLifetime,
    appliesAfter: restrictForAppsCreatedAfterDateTime,
  }));

/** The restrictions have to be there: what was not read must not pass for a policy that restricts nothing. */
const wirePolicy = z
  .object({
    isEnabled: optionalFlag,
    servicePrincipalRestrictions: z
      .object({
        passwordCredentials: z
          .array(restriction)
          .nullable()
          .transform((list) => list ?? []),
      })
      .nullable(),
  })
  .transform(({ isEnabled, servicePrincipalRestrictions }): AppManagementPolicy => ({
    isEnabled,
    servicePrincipalPasswordRestrictions: servicePrincipalRestrictions?.passwordCredentials ?? [],
  }));

/** A Graph `tenantAppManagementPolicy` (domain facts 0.5, 2.3). Throws `WireMalformed`. */
export function parseAppManagementPolicy(object: WireObject): AppManagementPolicy {
  return parseWire('default app management policy', wirePolicy, object);
}
