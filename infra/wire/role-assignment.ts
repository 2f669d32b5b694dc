import { z } from 'zod';
import type { RoleAssignment } from '../../domain/model/resources.ts';
import type { WireObject } from '../estate-source.ts';
import { foldedId, optionalText } from './fields.ts';
import { parseWire } from './parse-wire.ts';
import { roleGuid } from './role-definition.ts';

const wireRoleAssignment = z
  .object({
    id: foldedId,
    properties: z.object({
      scope: foldedId.transform((scope) => (scope === '/' ? scope : scope.replace(/\/+$/u, ''))),
      roleDefinitionId: roleGuid,
      principalId: foldedId,
      condition: optionalText,
    }),
  })
  .transform(({ id, properties }): RoleAssignment => ({
    id,
    scope: properties.scope,
    roleId: properties.roleDefinitionId,
    principalId: properties.principalId,
    conditional: properties.condition !== null,
  }));

/** An ARM role assignment or its Resource Graph row (domain facts 1.6). Throws `WireMalformed`. */
export function parseRoleAssignment(object: WireObject): RoleAssignment {
  return parseWire('role assignment', wireRoleAssignment, object);
}
