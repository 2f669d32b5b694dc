/** The app settings or environment variables that a process was started with. */
export type Environment = Readonly<Record<string, string | undefined>>;

export type Role = 'auditor' | 'remediator' | 'all';

/** An app setting is missing or wrong; the message names it and says what belongs there. */
export class ConfigInvalid extends Error {
  override readonly name = 'ConfigInvalid';
}

/** @throws ConfigInvalid */
export function roleOf(env: Environment): Role {
  const role = env['KERBWATCH_ROLE'] ?? '';
  if (role === 'auditor' || role === 'remediator' || role === 'all') return role;
  throw new ConfigInvalid(`KERBWATCH_ROLE is '${role}'; set it to auditor or remediator (all: embedded cloud only)`);
}

/** @throws ConfigInvalid */
export function required(env: Environment, name: string, what: string): string {
  const value = env[name]?.trim() ?? '';
  if (value === '') throw new ConfigInvalid(`${name} is not set; set it to ${what}`);
  return value;
}

/** A comma list; empty where not set. */
export function listOf(env: Environment, name: string): readonly string[] {
  return (env[name] ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}
