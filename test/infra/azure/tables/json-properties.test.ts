import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packJson, StoredJsonUnreadable, unpackJson } from '../../../../infra/azure/tables/json-properties.ts';

describe('JSON in properties', () => {
  it('is one property while it is short', () => {
    expect(Object.keys(packJson('body', { a: 1 }))).toEqual(['body']);
  });

  it('comes back as it was, whatever its length', () => {
    fc.assert(
      fc.property(fc.integer({ min: 29_990, max: 30_010 }), fc.constantFrom('x', 'é', '🎫', '\\"'), (length, unit) => {
        const value = { text: 'x'.repeat(length) + unit.repeat(20_000) };
        const properties = packJson('body', value);

        expect(unpackJson('body', properties)).toEqual(value);
        expect(Object.values(properties).every((part) => part.length <= 32_768 && part.isWellFormed())).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it('keeps two values of one row apart', () => {
    const properties = { ...packJson('body', 'b'.repeat(40_000)), ...packJson('report', null) };

    expect(unpackJson('body', properties)).toBe('b'.repeat(40_000));
    expect(unpackJson('report', properties)).toBeNull();
  });

  it.each([{ body: '{"cut' }, {}])('refuses what is not there or not whole', (properties) => {
    expect(() => unpackJson('body', properties)).toThrow(StoredJsonUnreadable);
  });
});
