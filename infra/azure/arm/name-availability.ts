import type { NameAvailability } from '../../estate-source.ts';
import { failureOf } from '../failure.ts';
import type { ArmClients } from './arm-client.ts';

/**
 * Whether a storage account of that name exists anywhere in the cloud, in subscriptions that the caller does not see too;
 * null where the service says neither.
 *
 * @param subscriptionId any subscription that the caller can read
 * @throws SignInRefused, AbortError
 */
export async function nameAvailability(
  arm: ArmClients,
  subscriptionId: string,
  name: string,
): Promise<NameAvailability | null> {
  const abort = arm.signal === undefined ? {} : { abortSignal: arm.signal };
  try {
    const body = { name, type: 'Microsoft.Storage/storageAccounts' } as const;
    const answer = await arm.storage(subscriptionId).storageAccounts.checkNameAvailability(body, abort);
    if (answer.nameAvailable === true) return 'free';
    // The other reason is a name that no account can have.
    return answer.reason === 'AlreadyExists' ? 'taken' : null;
  } catch (error) {
    failureOf(error, null);
    return null;
  }
}
