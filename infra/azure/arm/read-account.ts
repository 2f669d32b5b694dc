import type { ArmClients } from './arm-client.ts';
import { parseAccountId } from './account-id.ts';
import { readResource, type ResourceReading } from './read-resource.ts';

/**
 * One storage account, through ARM: what is true now, where Resource Graph may lag.
 *
 * @throws AccountIdInvalid, SignInRefused, AbortError
 */
export function readAccount(arm: ArmClients, accountId: string): Promise<ResourceReading> {
  const { subscriptionId, resourceGroup, name } = parseAccountId(accountId);
  const { storageAccounts } = arm.storage(subscriptionId);
  return readResource(
    (onResponse) => storageAccounts.getProperties(resourceGroup, name, { ...abortOf(arm), onResponse }),
    'Microsoft.Storage/storageAccounts/read',
  );
}

/**
 * The account's file service (`fileServices/default`); absent where the account is.
 *
 * @throws AccountIdInvalid, SignInRefused, AbortError
 */
export function readFileService(arm: ArmClients, accountId: string): Promise<ResourceReading> {
  const { subscriptionId, resourceGroup, name } = parseAccountId(accountId);
  const { fileServices } = arm.storage(subscriptionId);
  return readResource(
    (onResponse) => fileServices.getServiceProperties(resourceGroup, name, { ...abortOf(arm), onResponse }),
    'Microsoft.Storage/storageAccounts/fileServices/read',
  );
}

function abortOf({ signal }: ArmClients): { abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal };
}
