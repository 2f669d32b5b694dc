import type { TokenCredential } from '@azure/core-auth';
import {
  AzureCliCredential,
  DeviceCodeCredential,
  InteractiveBrowserCredential,
  ManagedIdentityCredential,
} from '@azure/identity';

/** Where and as whom a person is asked to sign in. */
export interface AskedAs {
  /** null: whichever tenant the account calls home. */
  readonly tenantId: string | null;
  readonly authorityHost: string;
  /** null: the client that the SDK signs in with for Azure itself, which is that of the Azure CLI. */
  readonly clientId: string | null;
}

/** What makes the credentials; the Azure SDK's own outside tests. None of them asks before its first token. */
export interface Identities {
  az(tenantId: string | null): TokenCredential;
  browser(asked: AskedAs): TokenCredential;
  /** @param prompt tells where to type the code */
  deviceCode(asked: AskedAs, prompt: (text: string) => void): TokenCredential;
  /** @param clientId which user-assigned identity; null for the system-assigned one */
  managedIdentity(clientId: string | null): TokenCredential;
}

export const azureIdentities: Identities = {
  az: (tenantId) => new AzureCliCredential(tenantId === null ? {} : { tenantId }),
  browser: (asked) => new InteractiveBrowserCredential(optionsOf(asked)),
  deviceCode: (asked, prompt) =>
    new DeviceCodeCredential({
      ...optionsOf(asked),
      userPromptCallback: ({ message }) => {
        prompt(message);
      },
    }),
  managedIdentity: (clientId) =>
    clientId === null ? new ManagedIdentityCredential() : new ManagedIdentityCredential({ clientId }),
};

function optionsOf({ tenantId, authorityHost, clientId }: AskedAs) {
  return { authorityHost, ...(tenantId === null ? {} : { tenantId }), ...(clientId === null ? {} : { clientId }) };
}
