import { type Collection, type Gap, gapsOf, itemsOf, mayHide } from '../model/collection.ts';
import type { ResourceFacts } from '../model/facts.ts';
import type { FileService, PrivateEndpoint, RoleAssignment, RoleDefinition } from '../model/resources.ts';
import type { StorageAccount } from '../model/storage-account.ts';
import { grouped } from './grouped.ts';

/** What surrounds the accounts in Azure, with the look-ups that rules need, built once so that a rule costs no scan. */
export interface Resources {
  readonly facts: ResourceFacts;
  /** The account's file service; null with the gaps that hide it where it was not read. */
  fileServiceOf(account: StorageAccount): { readonly service: FileService | null; readonly gaps: readonly Gap[] };
  /** By ARM id in lower case; null where it was not seen. */
  privateEndpoint(key: string): PrivateEndpoint | null;
  /** Endpoints with a link to the account, whatever its own list of connections says. */
  privateEndpointsTo(accountKey: string): readonly PrivateEndpoint[];
  /**
   * Role assignments at the account, at its shares and at what lies above it up to the subscription, and those at
   * management groups and at `/`, which may or may not lie above it.
   */
  assignmentsAround(account: StorageAccount): readonly RoleAssignment[];
  /** What hides role assignments that may reach the account. */
  assignmentGapsAround(account: StorageAccount): readonly Gap[];
  /** By its GUID in lower case; null where it was not seen. */
  roleDefinition(roleId: string): RoleDefinition | null;
}

export function indexResources(facts: ResourceFacts, fileServices: Collection<FileService>): Resources {
  const endpoints = new Map(itemsOf(facts.privateEndpoints).map((endpoint) => [endpoint.key, endpoint]));
  const byTarget = grouped(itemsOf(facts.privateEndpoints), ({ links }) => links.map(({ targetKey }) => targetKey));
  const byScope = grouped(itemsOf(facts.roleAssignments), ({ scope }) => [scopeKey(scope)]);
  const definitions = new Map(itemsOf(facts.roleDefinitions).map((definition) => [definition.roleId, definition]));
  return {
    facts,
    fileServiceOf: fileServiceOf(fileServices),
    privateEndpoint: (key) => endpoints.get(key) ?? null,
    privateEndpointsTo: (accountKey) => byTarget.get(accountKey) ?? [],
    assignmentsAround: (account) =>
      [aboveSubscriptions, ...scopesAbove(account.key), account.key].flatMap((scope) => byScope.get(scope) ?? []),
    assignmentGapsAround: (account) => gapsOf(facts.roleAssignments).filter(({ scope }) => mayHide(scope, account.key)),
    roleDefinition: (roleId) => definitions.get(roleId) ?? null,
  };
}

/** The same surroundings with other file services. */
export function withFileServices(resources: Resources, fileServices: Collection<FileService>): Resources {
  return { ...resources, fileServiceOf: fileServiceOf(fileServices) };
}

function fileServiceOf(fileServices: Collection<FileService>): Resources['fileServiceOf'] {
  const services = new Map(itemsOf(fileServices).map((service) => [service.accountKey, service]));
  return ({ key }) => ({
    service: services.get(key) ?? null,
    gaps: services.has(key) ? [] : gapsOf(fileServices).filter(({ scope }) => mayHide(scope, key)),
  });
}

const aboveSubscriptions = '/';

/** Under which scope an assignment is looked up: shares under their account, management groups and `/` under `/`. */
function scopeKey(scope: string): string {
  if (!scope.startsWith('/subscriptions/')) return aboveSubscriptions;
  const [account = scope] = scope.split('/fileservices/');
  return account;
}

/** The subscription and the resource group of an ARM id in lower case. */
function scopesAbove(accountKey: string): readonly string[] {
  const [, subscription, group] = /^((\/subscriptions\/[^/]+)\/resourcegroups\/[^/]+)\//.exec(accountKey) ?? [];
  return [group, subscription].filter((scope) => scope !== undefined);
}
