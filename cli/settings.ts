import { readFile } from 'node:fs/promises';
import type { TokenCredential } from '@azure/core-auth';
import type { Settings } from '../domain/model/settings.ts';
import { rules } from '../domain/rules/index.ts';
import type { Environment } from '../infra/config.ts';
import { defaultSettings, parseSettings } from '../infra/settings/parse-settings.ts';
import { UsageError } from './exit-code.ts';
import { isFileError } from './failure.ts';

/**
 * The settings of `--settings`, else of `KERBWATCH_SETTINGS`, else the defaults.
 *
 * @param credential asked for only where `KERBWATCH_SETTINGS` names a blob
 * @throws UsageError, SettingsInvalid, ConfigInvalid, SignInRefused
 */
export async function settingsFor(
  file: string | undefined,
  env: Environment,
  credential: () => Promise<TokenCredential>,
): Promise<Settings> {
  if (file !== undefined) return parseSettings(await textOf(file), { knownRules: rules, where: file });
  const setting = env['KERBWATCH_SETTINGS']?.trim() ?? '';
  if (setting === '') return defaultSettings();
  if (!setting.startsWith('https://'))
    return parseSettings(setting, { knownRules: rules, where: 'KERBWATCH_SETTINGS' });
  const [{ loadSettings }, arm] = await Promise.all([import('../infra/settings/load-settings.ts'), credential()]);
  return loadSettings(env, () => arm);
}

/** The settings in a file as they stand there, once they are known to be right. @throws UsageError, SettingsInvalid */
export async function settingsIn(file: string): Promise<object> {
  const text = await textOf(file);
  parseSettings(text, { knownRules: rules, where: file });
  return JSON.parse(text.replace(/^\uFEFF/u, '')) as object;
}

async function textOf(file: string): Promise<string> {
  try {
    return decoded(await readFile(file));
  } catch (cause) {
    if (!isFileError(cause)) throw cause;
    throw new UsageError(`--settings ${file}: ${whyUnread(cause)}.`, { cause });
  }
}

function whyUnread(cause: NodeJS.ErrnoException): string {
  switch (cause.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'there is no such file; check the path';
    case 'EISDIR':
      return 'is a directory; name the settings file in it';
    default:
      return `cannot be read: ${cause.message}`;
  }
}

/** UTF-8, or UTF-16 with a byte-order mark, as PowerShell writes what is redirected to a file. */
function decoded(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return new TextDecoder().decode(bytes);
}
