import type { EmbeddedCloud } from '../../infra/local/embedded-cloud.ts';

/** An administrator at work: changes one account's identity source through ARM, as the portal would. */
export async function switchDirectoryService(
  cloud: EmbeddedCloud,
  accountId: string,
  source: 'None' | 'AADKERB',
): Promise<void> {
  const url = `${cloud.azure.origin}${accountId}?api-version=2025-08-01`;
  const response = await fetch(url, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${cloud.administratorToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      properties: { azureFilesIdentityBasedAuthentication: { directoryServiceOptions: source } },
    }),
  });
  if (!response.ok) throw new Error(`PATCH ${accountId} answered ${String(response.status)}: ${await response.text()}`);
}
