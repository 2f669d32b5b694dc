import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collectionNames } from '../../../domain/model/collection.ts';
import { collectionPermissions, delegatedScopes, optionalPermissions } from '../../../domain/model/permissions.ts';
import { rules } from '../../../domain/rules/index.ts';
import { graphLists, graphObjects } from '../../../infra/azure/graph/collections.ts';

const azure = resolve(import.meta.dirname, '../../../infra/azure');
const permissions = collectionNames.flatMap((name) => collectionPermissions[name]?.permission ?? []);
const names = new Set(
  [...permissions, ...optionalPermissions.map(({ permission }) => permission)].map(({ name }) => name),
);

describe('the permissions of collections', () => {
  const graph = { ...graphLists, ...graphObjects };

  it.each(Object.keys(graph) as (keyof typeof graph)[])('are for %s what its gap names', (name) => {
    expect(collectionPermissions[name]?.permission).toMatchObject({ api: 'graph', name: graph[name].needs });
  });

  it('hold every action of Azure that a gap can name', () => {
    const named = readdirSync(azure, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .flatMap(
        (file) => readFileSync(join(azure, file), 'utf8').match(/(?<=')Microsoft\.[\w.]+(?:\/\w+)+\/read(?=')/gu) ?? [],
      );
    expect(named.length).toBeGreaterThan(1);
    expect(named.filter((name) => !names.has(name))).toEqual([]);
  });

  it('are there for every collection that a rule reads', () => {
    const read = new Set(rules.flatMap(({ needs, helpedBy }) => [...needs, ...helpedBy]));
    expect([...read].filter((name) => collectionPermissions[name] === null)).toEqual([]);
  });

  it('that are optional name only rules that are there', () => {
    const named = optionalPermissions.flatMap((optional) => optional.rules);
    expect(named.filter((id) => !rules.some((rule) => rule.id === id))).toEqual([]);
  });

  it('never write', () => {
    expect([...names].filter((name) => /write|delete|manage\b/iu.test(name))).toEqual([]);
  });

  it('have one app role each', () => {
    const ids = new Map(
      permissions.flatMap((one) => (one.api === 'graph' ? [[one.name, one.appRoleId] as const] : [])),
    );
    expect(new Set(ids.values()).size).toBe(ids.size);
    expect([...ids.values()].filter((id) => !/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/u.test(id))).toEqual([]);
  });
});

describe('delegatedScopes', () => {
  const rule = { needs: [], helpedBy: [] };

  it('are the Graph permissions of what the rules read, each once and sorted', () => {
    expect(
      delegatedScopes([
        { ...rule, needs: ['conditional-access-policies', 'applications'] },
        { ...rule, needs: ['service-principals'], helpedBy: ['oauth2-permission-grants'] },
      ]),
    ).toEqual(['Application.Read.All', 'Directory.Read.All', 'Policy.Read.All']);
  });

  it('ask nothing for what Azure answers, or nobody', () => {
    expect(
      delegatedScopes([{ ...rule, needs: ['storage-accounts', 'file-services'], helpedBy: ['cloud-trusts'] }]),
    ).toEqual([]);
    expect(delegatedScopes([])).toEqual([]);
  });
});
