import { describe, expect, it } from 'vitest';
import { jsonLines } from '../../../cli/pages/json-lines.ts';

describe('jsonLines', () => {
  it('keeps on one line what fits', () => {
    expect(jsonLines({ a: [1, 'two', null], b: {}, c: [] })).toBe('{ "a": [1, "two", null], "b": {}, "c": [] }');
  });

  it('breaks what does not, as deep as it has to', () => {
    const long = 'x'.repeat(60);
    expect(jsonLines({ list: [{ long }, { long }], short: true })).toBe(
      `{\n  "list": [\n    { "long": "${long}" },\n    { "long": "${long}" }\n  ],\n  "short": true\n}`,
    );
  });

  it('is the same JSON', () => {
    const value = { 'a "quoted" key': ['y'.repeat(120), { deep: [true, { deeper: 'z'.repeat(90) }] }] };
    expect(JSON.parse(jsonLines(value))).toEqual(value);
  });
});
