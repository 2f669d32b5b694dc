import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { operations } from '../../../infra/api/operations/index.ts';
import { kerberosAccount } from '../../domain/estate.ts';
import { apiOverMemory } from './api-over-memory.ts';
import { type Json, openApi, undescribed } from './described.ts';

const committed = readFileSync(resolve(import.meta.dirname, '../../../docs/api/openapi.json'), 'utf8');

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: Json;
}

/** Every object below a value, with its path. */
function objectsIn(value: unknown, path = ''): readonly (readonly [string, Json])[] {
  if (typeof value !== 'object' || value === null) return [];
  const below = Object.entries(value).flatMap(([key, inner]) => objectsIn(inner, `${path}/${key}`));
  return Array.isArray(value) ? below : [[path, value as Json], ...below];
}

const described = Object.entries(openApi.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, ...(operation as unknown as Described) })),
);

interface Described {
  readonly operationId: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: Json };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Json }>>;
}

describe('The OpenAPI document', () => {
  it('is committed as the code has it', () => {
    expect(JSON.parse(committed)).toEqual(openApi);
  });

  it('is what the API answers', async () => {
    const { json } = await apiOverMemory({ accounts: [] }).ask('GET', '/openapi.json', { as: 'approver' });
    expect(json).toEqual(openApi);
  });

  it('is OpenAPI 3.1 with a bearer scheme for everything', () => {
    const { openapi, info, security, components } = openApi as unknown as Readonly<Record<string, Json>>;
    expect(openapi).toMatch(/^3\.1\.\d$/u);
    expect(info).toMatchObject({
      title: 'Kerbwatch',
      version: /^\d+\.\d+\.\d+$/u.exec(String(info?.['version']))?.[0],
    });
    expect(security).toEqual([{ bearer: [] }]);
    expect(components).toMatchObject({ securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } });
    expect(described.filter((operation) => 'security' in operation)).toEqual([]);
  });

  it('has every operation of the table, each with an id of its own', () => {
    const ids = described.map(({ operationId }) => operationId);
    expect(ids.toSorted()).toEqual(Object.keys(operations).toSorted());
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(described)('$operationId declares the names of its path, and each parameter once', (operation) => {
    const inPath = operation.parameters.filter((parameter) => parameter.in === 'path');
    const names = [...operation.path.matchAll(/\{(\w+)\}/gu)].map(([, name]) => name);
    expect(inPath.map(({ name }) => name)).toEqual(names);
    expect(inPath.every(({ required }) => required === true)).toBe(true);
    const places = operation.parameters.map((parameter) => `${parameter.in} ${parameter.name}`);
    expect(new Set(places).size).toBe(places.length);
    for (const parameter of operation.parameters) {
      expect(parameter).toMatchObject({ description: expect.stringMatching(/./u) as string });
      expect(['path', 'query', 'header']).toContain(parameter.in);
    }
  });

  it.each(described)(
    '$operationId describes its answers, those of whoever is not let in among them',
    ({ responses }) => {
      expect(Object.keys(responses)).toEqual(expect.arrayContaining(['401', '403', '413', '429', '500', '503']));
      for (const [status, { description, content }] of Object.entries(responses)) {
        expect(status).toMatch(/^(?:200|201|304|4\d\d|5\d\d)$/u);
        expect(description).not.toBe('');
        if (Number(status) >= 400) expect(Object.keys(content ?? {})).toEqual(['application/problem+json']);
      }
    },
  );

  it('refers only to what it holds, and holds no schema that nothing refers to', () => {
    const referred = objectsIn(openApi).flatMap(([, { $ref }]) => (typeof $ref === 'string' ? [$ref] : []));
    const held = Object.keys(openApi.components.schemas).map((name) => `#/components/schemas/${name}`);
    expect([...new Set(referred)].toSorted()).toEqual(held.toSorted());
  });

  it('has schemas that are well-formed down to every keyword', () => {
    const types = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'];
    const wrong = objectsIn(openApi.components.schemas).filter(([path, { type, required, nullable }]) => {
      if (/\/(?:properties|schemas)$/u.test(path) || path === '') return false;
      const known = type === undefined || [type].flat().every((each) => types.some((word) => word === each));
      return !known || nullable !== undefined || !(required === undefined || Array.isArray(required));
    });
    expect(wrong).toEqual([]);
  });

  it('refuses unknown members of bodies in its schemas as the API does', () => {
    const bodies = described.flatMap(({ requestBody }) => (requestBody === undefined ? [] : [requestBody.content]));
    expect(bodies).toHaveLength(2);
    for (const content of bodies) {
      expect(content).toMatchObject({
        'application/json': { schema: { type: 'object', additionalProperties: false } },
      });
    }
  });
});

describe('The check of answers against the document', () => {
  it.each([
    [{ status: 200, body: '{}' }, 'not what its schema says'],
    [{ status: 418, body: '{}' }, 'has no answer 418'],
    [{ status: 404, body: '{}' }, 'has content application/json'],
  ])('finds what is wrong with %j', ({ status, body }, said) => {
    const headers = new Headers({ 'content-type': 'application/json', etag: '"x"' });
    expect(undescribed('GET', '/waivers/w1', { status, headers, body }).join()).toContain(said);
  });

  it('finds a member that nobody described, and a header that is missing', async () => {
    const api = apiOverMemory({ accounts: [kerberosAccount('profiles')] });
    await api.night('run-1');
    const path = '/findings/profiles~consent-granted';
    const { json, headers } = await api.ask('GET', path);
    const told = (body: object, given: Headers) =>
      undescribed('GET', path, { status: 200, headers: given, body: JSON.stringify(body) });
    expect(told(json, headers)).toEqual([]);
    expect(told({ ...json, colour: 'red' }, headers)).toHaveLength(1);
    expect(told({ ...json, account: { ...(json['account'] as object), colour: 'red' } }, headers)).toHaveLength(1);
    expect(told(json, new Headers({ 'content-type': 'application/json' }))).toEqual(['ETag is missing']);
  });
});
