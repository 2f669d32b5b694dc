import { format } from 'prettier';
import { describe, expect, it } from 'vitest';
import { jsonText } from '../../../cli/pages/json-text.ts';

const long = 'a text, with a comma, that is longer than a line may be: '.repeat(4);

describe('jsonText', () => {
  it.each([
    [long],
    [{ description: long }],
    [{ list: [long, long] }],
    [
      {
        deep: [
          { a: long, b: 1 },
          { a: null, b: true },
        ],
        empty: {},
        none: [],
      },
    ],
  ])('is the same JSON, as Prettier would leave it: case %#', async (value) => {
    const text = jsonText(value);

    expect(JSON.parse(text)).toEqual(value);
    expect(await format(text, { parser: 'json', printWidth: 120 })).toBe(`${text}\n`);
  });
});
