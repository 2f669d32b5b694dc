import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { operations } from '../../infra/api/operations/index.ts';
import { kerberosAccount } from '../domain/estate.ts';
import { type ApiOverMemory, apiOverMemory, type JsonAnswered } from '../infra/api/api-over-memory.ts';
import { openApi, operationOf } from '../infra/api/described.ts';
import { apiExamples, fits } from './api-examples.ts';

const page = readFileSync(resolve(import.meta.dirname, '../../docs/api.md'), 'utf8');
const examples = apiExamples(page);
const api = '$KERBWATCH_API/v1';
const people: Readonly<Record<string, 'writer' | 'approver'>> = {
  'Bearer $TOKEN': 'writer',
  'Bearer $APPROVER_TOKEN': 'approver',
};

describe('docs/api.md', () => {
  const answers: JsonAnswered[] = [];
  /** What the page shows as an ETag stands for what the store has, the same for the same version. */
  const tags = new Map<string, string>();

  function withTags(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, tags.get(value) ?? value]));
  }

  beforeAll(async () => {
    const store: ApiOverMemory = apiOverMemory({
      accounts: [kerberosAccount('profiles'), kerberosAccount('profiles2'), kerberosAccount('homes')],
      given: { waivers: { requireApproval: true, warnDays: 14 } },
      instead: { waiverId: () => '4f0c2a9e', pageKey: () => Promise.resolve('of the examples') },
    });
    await store.night('20261121T120100Z');
    for (const { method, url, headers, body, answer } of examples) {
      const { Authorization, ...others } = headers;
      const as = people[Authorization ?? ''];
      if (as === undefined || !url.startsWith(api)) throw new Error(`The example signs in or goes nowhere: ${url}`);
      const raw = body === null ? {} : { raw: body };
      const answered = await store.ask(method, url.slice(api.length), { as, headers: withTags(others), ...raw });
      answers.push(answered);
      const shown = answer.headers['ETag'];
      if (shown !== undefined && !tags.has(shown)) tags.set(shown, answered.headers.get('etag') ?? '');
    }
  });

  it('has an example of every operation', () => {
    const shown = examples.map(({ method, url }) => operationOf(method, url.slice(api.length))?.operationId);
    expect(Object.keys(operations).filter((id) => !shown.includes(id))).toEqual([]);
  });

  it.each(examples.map((example, at) => ({ ...example, at })))('$command is answered as shown', ({ answer, at }) => {
    const answered = answers[at];
    expect(answered?.status).toBe(answer.status);
    for (const [name, value] of Object.entries(answer.headers)) {
      expect(answered?.headers.get(name)).toBe(name === 'ETag' ? tags.get(value) : value);
    }
    // The whole is compared only where it does not fit, so that the report shows both.
    if (!fits(answer.json, answered?.json)) expect(answered?.json).toEqual(answer.json);
  });

  it('shows the ETag of every answer that has one, another for each version', () => {
    const hidden = examples.filter(({ answer }, at) => answers[at]?.headers.has('etag') !== 'ETag' in answer.headers);
    expect(hidden.map(({ command }) => command)).toEqual([]);
    expect(new Set(tags.values()).size).toBe(tags.size);
  });

  it('lists every kind of problem with its status', () => {
    const listed = [...page.matchAll(/^\| `(urn:kerbwatch:problem:[\w-]+)` *\| (\d{3}) /gmu)];
    const statuses = new Set(
      Object.values(openApi.paths).flatMap((methods) =>
        Object.values(methods).flatMap(({ responses }) =>
          Object.keys(responses).filter((status) => Number(status) >= 400),
        ),
      ),
    );
    expect(new Set([...listed.map(([, , status]) => status), '401'])).toEqual(new Set([...statuses, '405']));
  });

  it('leaves out only what is marked as left out', () => {
    expect(fits({ a: 1 }, { a: 1, b: 2 })).toBe(false);
    expect(fits({ a: 1, '…': '…' }, { a: 1 })).toBe(false);
    expect(fits({ a: 1, '…': '…' }, { a: 1, b: 2 })).toBe(true);
    expect(fits([1, '…'], [1, 2])).toBe(true);
    expect(fits([1], [1, 2])).toBe(false);
    expect(fits({ a: [{ b: null }] }, { a: [{ b: 0 }] })).toBe(false);
  });
});
