import { z } from 'zod';
import type { SecurityDefaults } from '../../domain/model/tenant-policies.ts';
import type { WireObject } from '../estate-source.ts';
import { optionalFlag } from './fields.ts';
import { parseWire } from './parse-wire.ts';

const wireSecurityDefaults: z.ZodType<SecurityDefaults> = z.object({ isEnabled: optionalFlag });

/** A Graph `identitySecurityDefaultsEnforcementPolicy` (domain facts 3.2, 4). Throws `WireMalformed`. */
export function parseSecurityDefaults(object: WireObject): SecurityDefaults {
  return parseWire('security defaults policy', wireSecurityDefaults, object);
}
