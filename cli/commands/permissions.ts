import { rules } from '../../domain/rules/index.ts';
import { exitCode } from '../exit-code.ts';
import type { Io } from '../io.ts';
import type { PermissionRole } from '../pages/permission-list.ts';
import { permissionsDocument } from '../pages/permissions-document.ts';
import { permissionsText } from '../pages/permissions-text.ts';

export interface PermissionsOptions {
  /** Both where absent. */
  readonly role?: PermissionRole | undefined;
  readonly format: 'table' | 'json';
}

/** Lists every permission, why, and the rules that need it. @returns the exit code */
export async function permissions({ role, format }: PermissionsOptions, io: Io): Promise<number> {
  const roles: readonly PermissionRole[] = role === undefined ? ['auditor', 'remediator'] : [role];
  const text =
    format === 'json'
      ? `${JSON.stringify(permissionsDocument(roles, rules), null, 2)}\n`
      : permissionsText(roles, rules);
  io.stdout.write(text);
  return exitCode.clean;
}
