const serviceName = /^(?:api:\/\/[^/]+\/)?(?:cifs|host|http)\/(.+)$/;
const title = /^\[storage account\] (.+)$/;

/** File endpoints of the public, US Government and China clouds, and of accounts with a DNS zone (domain facts 1.3). */
const fileHost =
  /^([a-z0-9]{3,24})\.(?:file\.core\.(?:windows\.net|usgovcloudapi\.net|chinacloudapi\.cn)|[a-z0-9]+\.file\.storage\.azure\.net)$/;

/**
 * The Azure Files hosts that an app claims by its display name, servicePrincipalNames or identifierUris (domain facts
 * 2.1, 2.2), with the account that each belongs to; lower case, host by host as named, so a private link host beside
 * the plain one. Empty for an app that is no storage app.
 */
export function storageAppHosts(displayName: string, names: readonly string[]): ReadonlyMap<string, string> {
  const hosts = new Set([
    title.exec(displayName.toLowerCase())?.[1],
    ...names.map((name) => serviceName.exec(name.toLowerCase())?.[1]),
  ]);
  return new Map(
    [...hosts].flatMap((host): [string, string][] => {
      const account = host === undefined ? null : accountOfHost(host);
      return host === undefined || account === null ? [] : [[host, account]];
    }),
  );
}

/** The account of a file endpoint's host in lower case; null for any other host. */
function accountOfHost(host: string): string | null {
  const [account, ...rest] = host.split('.');
  const plain = [account, ...rest.filter((label) => label !== 'privatelink')].join('.');
  return fileHost.exec(plain)?.[1] ?? null;
}
