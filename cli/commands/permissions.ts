import { rules } from '../../domain/rules/index.ts';
import { exitCode } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { offlineSettings } from '../open-source.ts';
import type { PermissionRole } from '../pages/permission-list.ts';
import { permissionsDocument } from '../pages/permissions-document.ts';
import { permissionsText } from '../pages/permissions-text.ts';

export interface PermissionsOptions {
  /** Both where absent. */
  readonly role?: PermissionRole | undefined;
  readonly format: 'table' | 'json';
  readonly settings?: string | undefined;
}

/**
 * Lists every permission, why, and the rules that need it; of the remediator, where settings are given, those of the actions
 * that they switch on.
 * @returns the exit code
 */
export async function permissions({ role, format, settings: file }: PermissionsOptions, io: Io): Promise<number> {
  const roles: readonly PermissionRole[] = role === undefined ? ['auditor', 'remediator'] : [role];
  const isGiven = file !== undefined || (io.env['KERBWATCH_SETTINGS'] ?? '').trim() !== '';
  const tell = (said: string): void => void io.stderr.write(`${said}\n`);
  const modes = isGiven && roles.includes('remediator') ? (await offlineSettings(io, file, tell)).remediation : null;
  const text =
    format === 'json'
      ? `${JSON.stringify(permissionsDocument(roles, rules, modes), null, 2)}\n`
      : permissionsText(roles, rules, modes);
  io.stdout.write(text);
  return exitCode.clean;
}
