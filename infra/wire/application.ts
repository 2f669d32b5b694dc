import { z } from 'zod';
import type { Application } from '../../domain/model/directory.ts';
import type { WireObject } from '../estate-source.ts';
import { foldedId, optionalList, requiredList, title } from './fields.ts';
import { parseWire } from './parse-wire.ts';
import { passwordCredentials } from './password-credentials.ts';

const wireApplication: z.ZodType<Application> = z.object({
  id: foldedId,
  appId: foldedId,
  displayName: title,
  identifierUris: requiredList,
  tags: optionalList,
  passwordCredentials,
});

/** A Graph `application` (domain facts 2.1, 4). Throws `WireMalformed`. */
export function parseApplication(object: WireObject): Application {
  return parseWire('application', wireApplication, object);
}
