export type TableName = 'resources' | 'authorizationresources' | 'resourcechanges' | 'resourcecontainers';

export type Literal =
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
  /** Milliseconds since 1970. */
  | { readonly kind: 'datetime'; readonly value: number };

export interface Condition {
  readonly operator: '=~' | 'in~' | 'has_any' | '>';
  /** A column, then member names below it. */
  readonly path: readonly string[];
  readonly literals: readonly Literal[];
}

export type Step =
  | { readonly kind: 'where'; readonly all: readonly Condition[] }
  | { readonly kind: 'project'; readonly columns: readonly string[] }
  | { readonly kind: 'order-by-id' };

export interface Query {
  readonly table: TableName;
  readonly steps: readonly Step[];
}

/** Columns of the four tables, which share one schema; the dynamic ones hold objects or lists. */
export const stringColumns = [
  'id',
  'name',
  'type',
  'tenantId',
  'kind',
  'location',
  'resourceGroup',
  'subscriptionId',
  'managedBy',
] as const;
export const dynamicColumns = ['sku', 'plan', 'properties', 'tags', 'identity', 'zones', 'extendedLocation'] as const;
export const columns: readonly string[] = [...stringColumns, ...dynamicColumns];
