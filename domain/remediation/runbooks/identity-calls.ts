import type { StorageAccount } from '../../model/storage-account.ts';
import type { Json } from '../../model/verdict.ts';
import { armCall } from './calls.ts';
import { type Command, plainJson } from './shell.ts';
import type { RunbookStep } from './task.ts';

type JsonObject = Readonly<Record<string, Json>>;

/** What the account has now, as a write would set it again: the share permission and SMB OAuth may be lost otherwise. */
export function identityOf(account: StorageAccount, source = account.directoryService): JsonObject {
  const { activeDirectory, defaultSharePermission, smbOAuthEnabled } = account;
  const properties = Object.entries(activeDirectory ?? {}).filter(([, value]) => value !== null);
  const wanted = source === 'AADKERB' ? ['domainName', 'domainGuid'] : properties.map(([name]) => name);
  const kept = properties.filter(([name]) => wanted.includes(name));
  return {
    directoryServiceOptions: source,
    ...(kept.length === 0 ? {} : { activeDirectoryProperties: Object.fromEntries(kept) }),
    ...(defaultSharePermission === null ? {} : { defaultSharePermission }),
    ...(smbOAuthEnabled ? { smbOAuthSettings: { isSmbOAuthEnabled: true } } : {}),
  };
}

/** Sets identity-based authentication of the account. */
export function setIdentity(account: StorageAccount, identity: JsonObject): readonly Command[] {
  return armCall('PATCH', account.id, { properties: { azureFilesIdentityBasedAuthentication: identity } });
}

export function saveAccount(account: StorageAccount): RunbookStep {
  const saved = plainJson(identityOf(account));
  return {
    does: 'Save what the account has now; a switch may lose it.',
    commands: armCall('GET', account.id),
    check: `azureFilesIdentityBasedAuthentication is at least ${saved}; keep the answer until all is done.`,
    back: 'Nothing was changed.',
  };
}

export function switchOff(account: StorageAccount): RunbookStep {
  return {
    does: 'Switch the identity source off.',
    commands: setIdentity(account, { directoryServiceOptions: 'None' }),
    check:
      'A GET of the account shows directoryServiceOptions None, or no azureFilesIdentityBasedAuthentication at all.',
    back: `Set it again as it was saved: ${setIdentity(account, identityOf(account))[0]?.line ?? ''}`,
  };
}

export function switchOn(account: StorageAccount, source: string): RunbookStep {
  return {
    does: `Set the identity source to ${source}, with the domain and the share permission that were saved.`,
    commands: setIdentity(account, identityOf(account, source)),
    check: 'The answer shows the source, and defaultSharePermission and smbOAuthSettings as they were saved.',
    back: `Switch it off again: ${setIdentity(account, { directoryServiceOptions: 'None' })[0]?.line ?? ''}`,
  };
}
