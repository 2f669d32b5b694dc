/** The parts of a storage account's ARM id, as written. */
export interface AccountId {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
}

/** Text that is not the ARM id of a storage account. */
export class AccountIdInvalid extends Error {
  override readonly name = 'AccountIdInvalid';
}

const pattern =
  /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.Storage\/storageAccounts\/([^/]+)$/i;

export function isAccountId(id: unknown): id is string {
  return typeof id === 'string' && pattern.test(id);
}

/**
 * The parts of an account's id; the fixed segments are compared without case (events write `/resourcegroups/`).
 *
 * @throws AccountIdInvalid for anything else.
 */
export function parseAccountId(id: string): AccountId {
  const match = pattern.exec(id);
  if (match === null) {
    throw new AccountIdInvalid(
      `'${id}' is not the id of a storage account; expected /subscriptions/…/resourceGroups/…/providers/Microsoft.Storage/storageAccounts/….`,
    );
  }
  const [subscriptionId = '', resourceGroup = '', name = ''] = match.slice(1);
  return { subscriptionId, resourceGroup, name };
}
