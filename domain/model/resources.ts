import type { Json } from './verdict.ts';

/** The file service of a storage account (ARM `fileServices/default`, domain facts 1.5). */
export interface FileService {
  /** The account's ARM id in lower case. */
  readonly accountKey: string;
  /** As on the wire without blanks and empty parts; null: not set, which allows everything. */
  readonly authenticationMethods: readonly string[] | null;
  readonly kerberosTicketEncryption: readonly string[] | null;
  /** `properties` as they came, since a write replaces them all; absent where an older version stored it. */
  readonly asRead?: Readonly<Record<string, Json>> | undefined;
}

/** A private endpoint, wherever it lives (domain facts 1.4). */
export interface PrivateEndpoint {
  /** ARM id in lower case. */
  readonly key: string;
  readonly name: string;
  /** Its links, those that were approved by hand too. */
  readonly links: readonly PrivateLink[];
}

export interface PrivateLink {
  /** ARM id of the resource it leads to, lower case. */
  readonly targetKey: string;
  /** Sub-resources, lower case: `file`, `blob`, …; empty where the row does not say. */
  readonly groupIds: readonly string[];
  /** `Approved`, `Pending`, `Rejected`, …; as on the wire, null where not said. */
  readonly status: string | null;
}

/** A role given to somebody at a scope (ARM role assignment, domain facts 1.6). */
export interface RoleAssignment {
  /** ARM id, lower case. */
  readonly id: string;
  /** `/subscriptions/…`, a resource, a share, a management group or `/`; lower case, without a slash at the end. */
  readonly scope: string;
  /** The GUID at the end of `roleDefinitionId`, lower case. */
  readonly roleId: string;
  /** Object id, lower case. */
  readonly principalId: string;
  /** Whether it holds under a condition (ABAC). */
  readonly conditional: boolean;
}

/** What a role allows (ARM role definition). */
export interface RoleDefinition {
  /** The GUID, lower case. */
  readonly roleId: string;
  readonly name: string;
  readonly permissions: readonly {
    /** As on the wire; `*` is a wildcard. */
    readonly dataActions: readonly string[];
    readonly notDataActions: readonly string[];
  }[];
}
