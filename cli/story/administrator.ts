import type { EmbeddedAzure } from '../../infra/local/embedded-azure.ts';

/** What an administrator changes, and as whom. */
export type ChangedCloud = Pick<EmbeddedAzure, 'azure' | 'administratorToken'>;

/** An administrator at work: changes one account's identity source through ARM, as the portal would. */
export async function switchDirectoryService(
  cloud: ChangedCloud,
  accountId: string,
  source: 'None' | 'AADKERB',
): Promise<void> {
  await patch(cloud, `${accountId}?api-version=2025-08-01`, {
    properties: { azureFilesIdentityBasedAuthentication: { directoryServiceOptions: source } },
  });
}

/** Changes the state of a Conditional Access policy through Microsoft Graph, as the portal would. */
export async function setPolicyState(
  cloud: ChangedCloud,
  policyId: string,
  state: 'enabled' | 'enabledForReportingButNotEnforced',
): Promise<void> {
  await patch(cloud, `/v1.0/identity/conditionalAccess/policies/${policyId}`, { state });
}

async function patch(cloud: ChangedCloud, path: string, body: object): Promise<void> {
  const response = await fetch(`${cloud.azure.origin}${path}`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${cloud.administratorToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`PATCH ${path} answered ${String(response.status)}: ${await response.text()}`);
}
