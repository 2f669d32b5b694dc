import { accountIdOf } from '../../cli/story/account-id.ts';
import { type ChangedCloud, setPolicyState, switchDirectoryService } from '../../cli/story/administrator.ts';
import type { Change } from './script.ts';

/** Makes a change as an administrator would, in ARM and Microsoft Graph. */
export async function changeTenant(cloud: ChangedCloud, change: Change): Promise<void> {
  switch (change.kind) {
    case 'switch-off-and-on': {
      const id = accountIdOf(cloud, change.account);
      await switchDirectoryService(cloud, id, 'None');
      await switchDirectoryService(cloud, id, 'AADKERB');
      return;
    }
    case 'revoke-consent':
      revokeConsent(cloud, change.account);
      return;
    case 'delete-account':
      await send(cloud, 'DELETE', `${accountIdOf(cloud, change.account)}?api-version=2025-08-01`);
      return;
    case 'report-only-policy':
      await setPolicyState(cloud, reportOnlyPolicy(cloud), change.state);
      return;
    case 'security-defaults': {
      const policies = cloud.azure.tenant.collections.get('security-defaults');
      for (const [key, policy] of policies ?? []) policies?.set(key, { ...policy, isEnabled: change.enabled });
      return;
    }
    case 'read-role-assignments':
      if (change.allowed) cloud.azure.faults.allow('role-assignments');
      else cloud.azure.faults.forbid('role-assignments');
  }
}

/** The names of those accounts that a consent can be taken from, in order. */
export function consentedAccounts({ azure }: ChangedCloud): readonly string[] {
  const { collections, subscriptions } = azure.tenant;
  const readable = subscriptions.filter((subscription) => subscription.readable).map(({ id }) => id.toLowerCase());
  const consented = new Set(
    [...(collections.get('oauth2-permission-grants')?.values() ?? [])].map((g) => g['clientId']),
  );
  const hosts = [...(collections.get('service-principals')?.values() ?? [])]
    .filter(({ id }) => consented.has(id))
    .map(({ displayName }) => String(displayName));
  return [...(collections.get('storage-accounts')?.values() ?? [])]
    .filter(({ kind, id }) => kind === 'FileStorage' && readable.some((of) => String(id).toLowerCase().includes(of)))
    .map(({ name }) => String(name))
    .filter((name) => hosts.filter((host) => host.includes(` ${name}.file.`)).length === 1)
    .sort();
}

function revokeConsent(cloud: ChangedCloud, account: string): void {
  const { collections } = cloud.azure.tenant;
  const principals = [...(collections.get('service-principals')?.values() ?? [])]
    .filter(({ displayName }) => String(displayName).includes(` ${account}.file.`))
    .map(({ id }) => id);
  const grants = collections.get('oauth2-permission-grants');
  for (const [id, { clientId }] of grants ?? []) if (principals.includes(clientId)) grants?.delete(id);
}

function reportOnlyPolicy(cloud: ChangedCloud): string {
  const policies = cloud.azure.tenant.collections.get('conditional-access-policies')?.values() ?? [];
  for (const { id, displayName } of policies)
    if (String(displayName).startsWith('Report-only:') && typeof id === 'string') return id;
  throw new Error('The sample tenant has no policy that only reports');
}

async function send(cloud: ChangedCloud, method: string, path: string): Promise<void> {
  const response = await fetch(`${cloud.azure.origin}${path}`, {
    method,
    headers: { authorization: `Bearer ${cloud.administratorToken}` },
  });
  if (!response.ok) throw new Error(`${method} ${path} answered ${String(response.status)}: ${await response.text()}`);
}
