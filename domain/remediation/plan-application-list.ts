import type { StorageAccount } from '../model/storage-account.ts';
import { type Planned, planned } from './planned.ts';
import { objectPath, selecting } from './plan-url.ts';
import type { SoundApp } from './sound-app.ts';

/** One list of an application that a plan adds to. */
export interface ListAddition {
  readonly action: 'add-privatelink-uris' | 'add-cloud-group-tag';
  readonly member: 'identifierUris' | 'tags';
  readonly added: readonly string[];
}

/** Replaces a list of an application by the same entries, in their order and spelling, with others after them. */
export function planApplicationList(
  { appId, application }: SoundApp,
  account: StorageAccount,
  { action, member, added }: ListAddition,
): Planned {
  const { id, displayName, identifierUris } = application;
  const url = objectPath('applications', id);
  const old = application[member];
  const list = [...old, ...added];
  // The names show that it is this account's app, whichever list is written.
  const same = { '/appId': appId, '/identifierUris': identifierUris };
  return planned(
    {
      action,
      risk: 'safe',
      target: { type: 'application', id, name: displayName },
      calls: [
        {
          method: 'PATCH',
          url,
          body: { [member]: list },
          permission: 'Application.ReadWrite.All',
          reads: {
            url: selecting(url, ...new Set(['appId', 'identifierUris', member])),
            expect: { ...same, [`/${member}`]: old },
            afterwards: { ...same, [`/${member}`]: list },
          },
          undo: { method: 'PATCH', url, body: { [member]: old } },
          before: { [member]: old },
          after: { [member]: list },
        },
      ],
    },
    account,
  );
}
