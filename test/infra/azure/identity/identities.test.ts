import { beforeEach, describe, expect, it, vi } from 'vitest';
import { azureIdentities } from '../../../../infra/azure/identity/identities.ts';

const made: [name: string, options: unknown][] = [];

vi.mock('@azure/identity', () => {
  const recorded = (name: string) =>
    function (options?: unknown) {
      made.push([name, options]);
    };
  return {
    AzureCliCredential: recorded('AzureCliCredential'),
    DeviceCodeCredential: recorded('DeviceCodeCredential'),
    InteractiveBrowserCredential: recorded('InteractiveBrowserCredential'),
    ManagedIdentityCredential: recorded('ManagedIdentityCredential'),
  };
});

beforeEach(() => {
  made.length = 0;
});

const whole = { tenantId: 'tenant', authorityHost: 'https://login.microsoftonline.us', clientId: 'client' };
const bare = { ...whole, tenantId: null, clientId: null };
const authority = { authorityHost: 'https://login.microsoftonline.us' };

describe("the SDK's credentials", () => {
  it.each([
    ['az', () => azureIdentities.az('tenant'), ['AzureCliCredential', { tenantId: 'tenant' }]],
    ['az of the home tenant', () => azureIdentities.az(null), ['AzureCliCredential', {}]],
    ['browser', () => azureIdentities.browser(whole), ['InteractiveBrowserCredential', whole]],
    ['browser with the defaults', () => azureIdentities.browser(bare), ['InteractiveBrowserCredential', authority]],
    [
      'managed identity',
      () => azureIdentities.managedIdentity('id'),
      ['ManagedIdentityCredential', { clientId: 'id' }],
    ],
    ['system-assigned identity', () => azureIdentities.managedIdentity(null), ['ManagedIdentityCredential', undefined]],
  ])('%s gets what it needs and nothing else', (_, make, expected) => {
    make();

    expect(made).toEqual([expected]);
  });

  it('device code tells its message to whoever asks, never to the console', () => {
    const prompts: string[] = [];

    azureIdentities.deviceCode(whole, (text) => prompts.push(text));
    const options = made[0]?.[1] as { userPromptCallback: (told: { message: string }) => void };
    options.userPromptCallback({ message: 'type ABC' });

    expect(options).toMatchObject(whole);
    expect(prompts).toEqual(['type ABC']);
  });
});
