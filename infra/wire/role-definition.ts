import { z } from 'zod';
import type { RoleDefinition } from '../../domain/model/resources.ts';
import type { WireObject } from '../estate-source.ts';
import { requiredList, title } from './fields.ts';
import { parseWire } from './parse-wire.ts';

/** The GUID at the end of a role definition's id, lower case. The rest of the id differs by scope. */
export const roleGuid = z.string().transform((id, context) => {
  const [, guid] = /\/roleDefinitions\/([\da-f-]{36})$/iu.exec(id) ?? [];
  if (guid !== undefined) return guid.toLowerCase();
  context.addIssue({ code: 'custom', message: 'is not the id of a role definition' });
  return z.NEVER;
});

/** Data actions have to be there: older versions of the API leave them out, which must not pass for a role without any. */
const wireRoleDefinition = z
  .object({
    id: roleGuid,
    properties: z.object({
      roleName: title,
      permissions: z.array(z.object({ dataActions: requiredList, notDataActions: requiredList })),
    }),
  })
  .transform(({ id, properties }): RoleDefinition => ({
    roleId: id,
    name: properties.roleName,
    permissions: properties.permissions,
  }));

/** An ARM role definition or its Resource Graph row. Throws `WireMalformed`. */
export function parseRoleDefinition(object: WireObject): RoleDefinition {
  return parseWire('role definition', wireRoleDefinition, object);
}
