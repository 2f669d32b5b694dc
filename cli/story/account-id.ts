import type { EmbeddedAzure } from '../../infra/local/embedded-azure.ts';

/** ARM id of the account of that name. @throws Error where the tenant has none */
export function accountIdOf(cloud: Pick<EmbeddedAzure, 'azure'>, accountName: string): string {
  const accounts = cloud.azure.tenant.collections.get('storage-accounts')?.values() ?? [];
  for (const { id, name } of accounts) if (name === accountName && typeof id === 'string') return id;
  throw new Error(`The sample tenant has no account ${accountName}`);
}
