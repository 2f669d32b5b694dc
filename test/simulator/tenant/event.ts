import { guid, tenantId } from '../../domain/build.ts';
import type { LiveAccount } from './live.ts';

/** Whom each event claims to be by. */
export const claimedActor = guid(0xabc);

/** That something about an account changed, as it was then. */
export interface AccountEvent {
  readonly id: string;
  readonly accountId: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly kind: 'write' | 'delete';
  readonly account: LiveAccount;
}

/** The event as Event Grid sends it; as in the official samples the subject writes `/resourcegroups/` in lower case. */
export function eventGridEvent({ id, accountId, at, kind }: AccountEvent): Readonly<Record<string, unknown>> {
  const uri = accountId.replace('/resourceGroups/', '/resourcegroups/');
  return {
    id,
    topic: uri.split('/').slice(0, 3).join('/'),
    subject: uri,
    eventType: `Microsoft.Resources.Resource${kind === 'write' ? 'Write' : 'Delete'}Success`,
    eventTime: new Date(at).toISOString().replace('Z', '0000Z'),
    data: {
      claims: {
        'http://schemas.microsoft.com/identity/claims/objectidentifier': claimedActor,
      },
      correlationId: id,
      resourceProvider: 'Microsoft.Storage',
      resourceUri: uri,
      operationName: `Microsoft.Storage/storageAccounts/${kind}`,
      status: 'Succeeded',
      tenantId,
    },
    dataVersion: '2',
    metadataVersion: '1',
  };
}
