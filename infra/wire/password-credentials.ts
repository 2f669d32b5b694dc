import { z } from 'zod';
import type { PasswordCredential } from '../../domain/model/directory.ts';
import { optionalInstant, title } from './fields.ts';

/** `passwordCredentials` or `keyCredentials` of an application or a principal, never what they hold: absent and null are null, which is not the empty list. */
export const passwordCredentials = z
  .array(
    z
      .object({ keyId: title, startDateTime: optionalInstant, endDateTime: optionalInstant })
      .transform(({ keyId, startDateTime, endDateTime }): PasswordCredential => ({
        keyId,
        startsAt: startDateTime,
        endsAt: endDateTime,
      })),
  )
  .nullish()
  .transform((credentials) => credentials ?? null);
