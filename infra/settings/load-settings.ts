import { type TokenCredential } from '@azure/core-auth';
import { BlobClient } from '@azure/storage-blob';

import type { Settings } from '../../domain/model/settings.ts';
import { rules } from '../../domain/rules/index.ts';
import { SignInRefused } from '../azure/identity/sign-in-refused.ts';
import { ConfigInvalid, type Environment } from '../config.ts';
import { defaultSettings, parseSettings } from './parse-settings.ts';
import { SettingsInvalid } from './settings-invalid.ts';

/**
 * The settings that `KERBWATCH_SETTINGS` holds, as JSON or as the https URL of a blob; the defaults where it is not set.
 * @throws SettingsInvalid, SignInRefused, ConfigInvalid when the blob cannot be read
 */
export async function loadSettings(env: Environment, credential: () => TokenCredential): Promise<Settings> {
  const value = env['KERBWATCH_SETTINGS']?.trim() ?? '';
  if (value === '') return defaultSettings();
  if (!value.startsWith('https://')) return parseSettings(value, { knownRules: rules, where: 'KERBWATCH_SETTINGS' });
  const { origin, pathname } = new URL(value);
  try {
    const text = (await new BlobClient(`${origin}${pathname}`, credential()).downloadToBuffer()).toString('utf8');
    return parseSettings(text, { knownRules: rules, where: pathname });
  } catch (cause) {
    if (cause instanceof SettingsInvalid || cause instanceof SignInRefused) throw cause;
    if (cause instanceof Error && cause.name === 'AbortError') throw cause;
    throw new ConfigInvalid(
      `KERBWATCH_SETTINGS names ${origin}${pathname}, which cannot be read; check the blob and its role assignment`,
      {
        cause,
      },
    );
  }
}
