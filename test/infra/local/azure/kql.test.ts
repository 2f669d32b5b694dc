import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../../infra/local/azure/kql/evaluate.ts';
import { parseQuery } from '../../../../infra/local/azure/kql/parse.ts';
import { UnsupportedQueryError } from '../../../../infra/local/azure/kql/unsupported-query.ts';

const rows = [
  { id: '/s/B', name: 'b', type: 'a/b', kind: 'FileStorage', properties: { level: 3, owner: { role: 'x-12-y' } } },
  { id: '/s/a', name: 'a', type: 'a/c', kind: 'StorageV2', properties: { level: 7, at: '2026-11-20T00:00:00Z' } },
  { id: '/s/C', name: 'c', type: 'a/b', kind: 'BlobStorage', properties: null },
];

function namesFrom(query: string): unknown[] {
  return evaluate(parseQuery(query), rows).rows.map((row) => row['name']);
}

describe('what queries select', () => {
  it.each([
    ['equality without case', `resources | where type =~ 'A/B'`, ['b', 'c']],
    ['membership without case', `resources | where kind in~ ('filestorage', "STORAGEV2")`, ['b', 'a']],
    ['conditions joined by and', `resources | where type =~ 'a/b' and kind =~ 'BlobStorage'`, ['c']],
    ['several wheres', `resources | where type =~ 'a/b' | where kind =~ 'filestorage'`, ['b']],
    ['a path under properties', `resources | where properties.owner.role =~ 'X-12-Y'`, ['b']],
    ['a number greater than another', 'resources | where properties.level > 3', ['a']],
    ['a time after another', 'resources | where properties.at > datetime(2026-11-19)', ['a']],
    ['a string after another', `resources | where id > '/s/C'`, ['a']],
    ['a term within a dynamic column', `resources | where properties has_any ('none', '12')`, ['b']],
    ['no term that is only part of a word', `resources | where properties has_any ('x-1', 'owne')`, []],
    ['an escaped quote', `resources | where name =~ 'it\\'s'`, []],
    ['nothing for a member that is not there', `resources | where properties.missing.deeper =~ ''`, []],
  ])('%s', (_, query, expected) => {
    expect(namesFrom(query)).toEqual(expected);
  });

  it('projects whole columns, null where a row has none', () => {
    const { rows: projected } = evaluate(parseQuery('resources | project id, tags'), rows.slice(0, 1));

    expect(projected).toEqual([{ id: '/s/B', tags: null }]);
  });

  it('orders by id, by code unit', () => {
    expect(namesFrom('resources // all of them\n| project id, name\n| order by id asc')).toEqual(['b', 'c', 'a']);
  });

  it('says when every projected column is dynamic, since Resource Graph cannot page such an answer', () => {
    expect(evaluate(parseQuery('resources | project properties, sku'), rows).pageable).toBe(false);
    expect(evaluate(parseQuery('resources | project properties, id'), rows).pageable).toBe(true);
  });
});

describe('what queries may not use', () => {
  it.each([
    ['resources | summarize count()', 'summarize'],
    ['resources | take 5', 'take'],
    ['resources | extend x = 1', 'extend'],
    ['resources | join (resources) on id', 'join'],
    ['resources | order by id', 'end of query'],
    ['resources | order by id desc', 'desc'],
    ['resources | order by name asc', 'name'],
    [`resources | where type == 'x'`, '=='],
    [`resources | where type != 'x'`, '!='],
    [`resources | where type =~ 'x' or kind =~ 'y'`, 'or'],
    [`resources | where tolower(type) =~ 'x'`, 'tolower'],
    [`resources | where (type =~ 'x')`, '('],
    [`resources | where type =~ 5`, '5'],
    [`resources | where isnotempty(id)`, 'isnotempty'],
    ['resources | project properties.owner', '.'],
    ['resources | project id, host = name', 'host'],
    ['resources | project id, kind = name', '='],
    ['resources | project nonsense', 'nonsense'],
    ['resources | project name | order by id asc', 'id'],
    ['securityresources', 'securityresources'],
    [`resources | where name =~ 'open`, `'open`],
    ['resources | where properties.at > datetime(soon)', 'soon'],
    ['', 'end of query'],
  ])('%s is refused, naming %s', (query, construct) => {
    let refused: unknown;
    try {
      parseQuery(query);
    } catch (error) {
      refused = error;
    }

    expect(refused).toBeInstanceOf(UnsupportedQueryError);
    expect(refused).toMatchObject({ construct });
  });
});
