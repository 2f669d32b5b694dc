export interface StorageAppNames {
  /** Service principal names, which are also the application's identifierUris. Lower case. */
  readonly spns: readonly string[];
  /** Display names: what the storage provider gives, then what the manual preview gave. Lower case. */
  readonly titles: readonly string[];
}

/** The names by which the app of a storage account goes (domain facts 2.1, 2.2). */
export function storageAppNames(accountName: string, host: string, tenantId: string): StorageAppNames {
  const bare = ['cifs', 'host', 'http'].map((service) => `${service}/${host.toLowerCase()}`);
  return {
    spns: [...bare, ...bare.map((name) => `api://${tenantId.toLowerCase()}/${name}`)],
    titles: [managedTitle(host), accountName.toLowerCase()],
  };
}

/** The display name that the storage provider gives, lower case. */
export function managedTitle(host: string): string {
  return `[storage account] ${host.toLowerCase()}`;
}
