import { describe, expect, it } from 'vitest';
import { SignInRefused } from '../../../infra/azure/identity/sign-in-refused.ts';
import { loadSettings } from '../../../infra/settings/load-settings.ts';
import { defaultSettings } from '../../../infra/settings/parse-settings.ts';

const never = () => {
  throw new Error('no credential is needed for this');
};

describe('loadSettings', () => {
  it('are the defaults where nothing is set', async () => {
    expect(await loadSettings({}, never)).toEqual(defaultSettings());
    expect(await loadSettings({ KERBWATCH_SETTINGS: '  ' }, never)).toEqual(defaultSettings());
  });

  it('are those that the app setting holds', async () => {
    const env = { KERBWATCH_SETTINGS: '{ "watch": { "debounceSeconds": 5 } }' };

    expect((await loadSettings(env, never)).watch.debounceSeconds).toBe(5);
  });

  it('leaves a refused sign-in what it is: no fault of the settings', async () => {
    const env = { KERBWATCH_SETTINGS: 'https://kerbwatch.blob.core.windows.net/settings/settings.json' };
    const refusal = new SignInRefused('Azure Resource Manager', 'run az login.');

    await expect(loadSettings(env, () => ({ getToken: () => Promise.reject(refusal) }))).rejects.toBe(refusal);
  });
});
