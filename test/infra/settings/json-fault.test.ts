import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonFault } from '../../../infra/settings/json-fault.ts';

/** What JSON.parse says of a text. */
function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('jsonFault', () => {
  it.each([
    ['{\n  "scope": {},\n  "rules": {},\n}', 3, 14, 'no comma may stand before "}"'],
    ['{\n  // mine\n  "scope": {}\n}', 2, 3, 'JSON has no comments'],
    ['{ "a": 1 "b": 2 }', 1, 10, 'expected a comma or "}", found "b":'],
    ["{ 'a': 1 }", 1, 3, "expected a key in double quotes, found 'a':"],
    ['{ a: 1 }', 1, 3, 'expected a key in double quotes, found a:'],
    ['{ "a" 1 }', 1, 7, 'expected ":" after "a", found 1'],
    ['{ "a": True }', 1, 8, 'expected a value, found True'],
    ['[1, 2', 1, 6, 'expected a comma or "]", found the end of the text'],
    ['{} {}', 1, 4, 'something follows the end: {}'],
    ['{\r\n "a": 1,\r\n "a": 2 }', 3, 2, '"a" stands here a second time'],
    ['{ "a": 1, "\\u0061": 2 }', 1, 11, 'stands here a second time'],
    ['['.repeat(200), 1, 102, 'nested too deep'],
  ])('of %j is found at its place', (text, line, column, what) => {
    expect(jsonFault(text)).toMatchObject({ line, column, what: expect.stringContaining(what) as string });
  });

  it('takes the same key in two objects', () => {
    expect(jsonFault('{ "a": { "b": 1 }, "c": { "b": 1 } }')).toBeNull();
  });

  it('agrees with JSON.parse on every text that says no key twice', () => {
    const bits = [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"b\\n"',
      '"\\x"',
      '1',
      '-0.5e+3',
      '01',
      'true',
      'null',
      ' ',
      '\n',
      '"\t"',
      '/',
    ];

    fc.assert(
      fc.property(fc.array(fc.constantFrom(...bits), { maxLength: 8 }), (parts) => {
        const text = parts.join('');
        const fault = jsonFault(text);
        if (fault?.what.includes('second time') !== true) expect(fault === null).toBe(parses(text));
      }),
    );
    fc.assert(fc.property(fc.json(), (text) => jsonFault(text) === null));
  });
});
