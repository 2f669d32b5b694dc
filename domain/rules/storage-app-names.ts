/** The service classes that clients ask tickets for, as the storage provider spells them. */
const serviceClasses = ['HOST', 'CIFS', 'HTTP'] as const;

/** A service principal name that the app of a host carries. */
export interface TicketName {
  readonly service: (typeof serviceClasses)[number];
  readonly form: 'bare' | 'api';
  /** Service class in capitals, the rest in lower case. */
  readonly name: string;
}

export interface StorageAppNames {
  /** Service principal names, which are also the application's identifierUris. Lower case. */
  readonly spns: readonly string[];
  /** Display names: what the storage provider gives, then what the manual preview gave. Lower case. */
  readonly titles: readonly string[];
}

/** The names by which the app of a storage account goes (domain facts 2.1, 2.2). */
export function storageAppNames(accountName: string, host: string, tenantId: string): StorageAppNames {
  return {
    spns: ticketNames(host, tenantId).map(({ name }) => name.toLowerCase()),
    titles: [managedTitle(host), accountName.toLowerCase()],
  };
}

/** The six names under which clients ask for a ticket for a host (domain facts 2.1); none for an account without one. */
export function ticketNames(host: string | null, tenantId: string): readonly TicketName[] {
  if (host === null) return [];
  return serviceClasses.flatMap((service): TicketName[] => {
    const bare = `${service}/${host.toLowerCase()}`;
    return [
      { service, form: 'bare', name: bare },
      { service, form: 'api', name: `api://${tenantId.toLowerCase()}/${bare}` },
    ];
  });
}

/** Those of `names` that are not among `held`; compared without case, as Entra does. */
export function namesMissing(names: readonly TicketName[], held: readonly string[]): readonly TicketName[] {
  const folded = new Set(held.map((name) => name.toLowerCase()));
  return names.filter(({ name }) => !folded.has(name.toLowerCase()));
}

/**
 * The host's name behind a private endpoint: `privatelink` put before its label `file` (domain facts 2.1), in zoned hosts
 * too. The first label is the account's own name, whatever it is. null where the host has no such label.
 */
export function privateLinkHost(host: string): string | null {
  const labels = host.toLowerCase().split('.');
  const file = labels.indexOf('file', 1);
  return file === -1 ? null : labels.toSpliced(file, 0, 'privatelink').join('.');
}

/** The display name that the storage provider gives, lower case. */
export function managedTitle(host: string): string {
  return `[storage account] ${host.toLowerCase()}`;
}
