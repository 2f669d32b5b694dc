import { describe, expect, it } from 'vitest';
import { filtersApplications, withReadAttributes } from '../../../../infra/azure/graph/security-attributes.ts';

const none = { id: 'a', customSecurityAttributes: null };
const some = { id: 'b', customSecurityAttributes: { Engineering: { Project: 'x' } } };

describe('filtersApplications', () => {
  it.each([
    [true, { conditions: { applications: { applicationFilter: { mode: 'exclude', rule: 'x' } } } }],
    [false, { conditions: { applications: { applicationFilter: null } } }],
    [false, { conditions: { applications: {} } }],
    [false, { conditions: null }],
    [false, {}],
  ])('is %j for %j', (expected, policy) => {
    expect(filtersApplications(policy)).toBe(expected);
  });
});

describe('withReadAttributes', () => {
  it('takes null for none where some principal shows an attribute', () => {
    const reading = { items: [none, some], failure: null };

    expect(withReadAttributes(reading)).toEqual(reading);
  });

  it('takes null for not read where no principal shows any', () => {
    const failure = { reason: 'throttled', needs: null } as const;

    expect(withReadAttributes({ items: [none, { id: 'c' }], failure })).toEqual({
      items: [{ id: 'a' }, { id: 'c' }],
      failure,
    });
  });
});
