export const cloudNames = ['AzurePublic', 'AzureUSGovernment', 'AzureChinaCloud'] as const;
export type CloudName = (typeof cloudNames)[number];

/** Where a cloud answers. Origins have no trailing slash (domain facts 4, Sovereign). */
export interface Cloud {
  readonly name: CloudName;
  readonly armOrigin: string;
  readonly graphOrigin: string;
  /** Where people and workloads sign in. */
  readonly authorityHost: string;
}

export const clouds: Readonly<Record<CloudName, Cloud>> = {
  AzurePublic: {
    name: 'AzurePublic',
    armOrigin: 'https://management.azure.com',
    graphOrigin: 'https://graph.microsoft.com',
    authorityHost: 'https://login.microsoftonline.com',
  },
  AzureUSGovernment: {
    name: 'AzureUSGovernment',
    armOrigin: 'https://management.usgovcloudapi.net',
    graphOrigin: 'https://graph.microsoft.us',
    authorityHost: 'https://login.microsoftonline.us',
  },
  AzureChinaCloud: {
    name: 'AzureChinaCloud',
    armOrigin: 'https://management.chinacloudapi.cn',
    graphOrigin: 'https://microsoftgraph.chinacloudapi.cn',
    authorityHost: 'https://login.chinacloudapi.cn',
  },
};

/** The token scope of an API that answers at `origin`: everything that was consented to. */
export function defaultScope(origin: string): string {
  return `${origin}/.default`;
}
