import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import * as queries from '../../../../infra/azure/resource-graph/queries.ts';
import { parseQuery } from '../../../../infra/local/azure/kql/parse.ts';

interface Diagnostics {
  readonly Count: number;
  getItem(index: number): { readonly Message: string };
}
interface Columns {
  readonly Count: number;
  getItem(index: number): { readonly Name: string };
}
interface Kusto {
  readonly KustoCode: {
    ParseAndAnalyze(
      query: string,
      globals: unknown,
    ): { GetDiagnostics(): Diagnostics; readonly ResultType: { readonly Columns: Columns } };
  };
  readonly GlobalState: { readonly Default: { WithDatabase(database: unknown): unknown } };
  readonly Symbols: {
    readonly TableSymbol: { readonly $ctor7: new (name: string, schema: string, description: null) => unknown };
    readonly DatabaseSymbol: { readonly ctor: new (name: string, tables: readonly unknown[]) => unknown };
  };
}

const require = createRequire(import.meta.url);
require('@kusto/language-service-next/bridge.min.js');
require('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
const { KustoCode, GlobalState, Symbols } = (globalThis as unknown as { Kusto: { Language: Kusto } }).Kusto.Language;

// 'kind' and 'type' are words of the language: unquoted, the schema would end there without a word.
const schema =
  "(id:string,name:string,['type']:string,tenantId:string,['kind']:string,location:string,resourceGroup:string,subscriptionId:string,managedBy:string,sku:dynamic,plan:dynamic,properties:dynamic,tags:dynamic,identity:dynamic,zones:dynamic,extendedLocation:dynamic)";
const tables = ['resources', 'resourcecontainers', 'authorizationresources', 'resourcechanges'];
const globals = GlobalState.Default.WithDatabase(
  new Symbols.DatabaseSymbol.ctor(
    'arg',
    tables.map((name) => new Symbols.TableSymbol.$ctor7(name, schema, null)),
  ),
);

/** Everything that is wrong with a query for our purpose. */
function faultsOf(query: string): string[] {
  const code = KustoCode.ParseAndAnalyze(query, globals);
  const diagnostics = code.GetDiagnostics();
  const faults = Array.from({ length: diagnostics.Count }, (_, index) => diagnostics.getItem(index).Message);
  if (diagnostics.Count === 0) {
    const { Columns } = code.ResultType;
    const names = Array.from({ length: Columns.Count }, (_, index) => Columns.getItem(index).Name);
    if (!names.includes('id')) faults.push('id is not projected');
  }
  const operators = [...query.matchAll(/\|\s*([\w-]+)/g)].map((match) => match[1] ?? '');
  for (const operator of operators)
    if (!['where', 'project', 'order'].includes(operator)) faults.push(`operator ${operator}`);
  if (!/\|\s*order by id asc\s*$/.test(query)) faults.push('not ordered by id');
  return faults;
}

/** Each query by its name; one that is asked for roles, for two of them; one about a resource, for one. */
const { roleAssignmentsQuery, resourceChangesQuery, ...plain } = queries;
const sent: [string, string][] = [
  ...Object.entries(plain),
  [
    'roleAssignmentsQuery',
    roleAssignmentsQuery(['aba4ae5f-2193-4029-9191-0cb91df5e314', '0c867c2a-1d8c-454a-a3db-ab2ea1bdc8bb']),
  ],
  [
    'resourceChangesQuery',
    resourceChangesQuery('/subscriptions/s/resourcegroups/g/providers/microsoft.storage/storageaccounts/a'),
  ],
];

describe('the queries sent to Resource Graph', () => {
  it.each(sent)('%s names existing columns, projects id, is ordered and has no limit', (_name, query) => {
    expect(faultsOf(query)).toEqual([]);
  });

  it.each(sent)('%s can be evaluated by the embedded cloud', (_name, query) => {
    expect(parseQuery(query).steps).toHaveLength(3);
  });

  it.each([
    ['an unknown column in where', "resources | where typ =~ 'x' | project id | order by id asc", /typ/],
    ['an unknown column in project', 'resources | project id, nam | order by id asc', /nam/],
    ['an unknown table', 'resource | project id | order by id asc', /resource/],
    ['a lost id', 'resources | project name | order by name asc', /id is not projected/],
    ['a limit', 'resources | project id | take 5 | order by id asc', /operator take/],
    ['no order', 'resources | project id', /not ordered/],
    ['an operator outside our subset', 'resources | summarize n = count() by id | order by id asc', /summarize/],
  ])('a query with %s is caught', (_case, query, fault) => {
    expect(faultsOf(query).join('\n')).toMatch(fault);
  });
});
