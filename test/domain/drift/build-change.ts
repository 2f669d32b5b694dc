import { type AttributedActor, unattributed } from '../../../domain/drift/attribution.ts';
import type { ChangeRecord } from '../../../domain/drift/conclude.ts';
import type { FactChange } from '../../../domain/drift/fact-change.ts';
import { account, guid, now } from '../build.ts';

export const minute = 60_000;
export const source = 'azureFilesIdentityBasedAuthentication.directoryServiceOptions';

export const adele: AttributedActor = { kind: 'user', objectId: guid(0xad), userPrincipalName: 'adele@contoso.com' };
export const pipeline: AttributedActor = { kind: 'application', objectId: guid(0xae), userPrincipalName: null };

/** The identity source was switched off within the hour before now. */
export function change(over: Partial<FactChange> = {}): FactChange {
  return {
    id: 'change-1',
    key: account().key,
    part: 'account',
    at: now,
    since: now - 60 * minute,
    properties: [{ property: source, before: 'AADKERB', after: 'None' }],
    cause: { kind: 'nightly', id: 'run-1', actor: { kind: 'unknown', objectId: null } },
    attribution: unattributed,
    objectIds: [],
    ...over,
  };
}

/** Adele did it, half an hour ago. */
export function record(over: Partial<ChangeRecord> = {}): ChangeRecord {
  return {
    at: now - 30 * minute,
    actor: adele,
    correlationId: 'correlation-1',
    operation: 'Microsoft.Storage/storageAccounts/write',
    source: 'resource-changes',
    touched: [{ name: `properties.${source}`, before: 'AADKERB' }],
    ...over,
  };
}
