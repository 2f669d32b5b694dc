import { describe, expect, it } from 'vitest';
import { parseServicePrincipal } from '../../../infra/wire/service-principal.ts';

const principal = {
  id: 'cccc0000-0000-4000-8000-000000000001',
  appId: 'bbbb0000-0000-4000-8000-000000000001',
  displayName: '[Storage Account] contosoprofiles.file.core.windows.net',
  servicePrincipalNames: ['bbbb0000-0000-4000-8000-000000000001'],
};

const setType = '#microsoft.graph.customSecurityAttributeValue';

function attributesOf(customSecurityAttributes: unknown) {
  return parseServicePrincipal({ ...principal, customSecurityAttributes }).securityAttributes;
}

describe('custom security attributes of a service principal from the wire', () => {
  it('are null, not read, where the property is absent', () => {
    expect(parseServicePrincipal(principal).securityAttributes).toBeNull();
  });

  it.each([null, {}])('are none when the property is %o', (sets) => {
    expect(attributesOf(sets)).toEqual({});
  });

  it('keep their names and values as written, without annotations', () => {
    const sets = {
      '@odata.type': setType,
      Engineering: {
        '@odata.type': setType,
        'Project@odata.type': '#Collection(String)',
        Project: ['Baker', 'Cascade'],
        'CostCenter@odata.type': '#Collection(Int32)',
        CostCenter: [1001],
        'NumVendors@odata.type': '#Int32',
        NumVendors: 8,
        Certification: true,
      },
      Storage: { '@odata.type': setType, Purpose: 'profiles' },
    };
    expect(attributesOf(sets)).toEqual({
      Engineering: { Project: ['Baker', 'Cascade'], CostCenter: [1001], NumVendors: 8, Certification: true },
      Storage: { Purpose: 'profiles' },
    });
  });

  it('that are null were taken away', () => {
    expect(attributesOf({ Engineering: { Project: null, NumVendors: 8 }, Marketing: null })).toEqual({
      Engineering: { NumVendors: 8 },
      Marketing: {},
    });
  });

  it.each([
    ['an object', { Engineering: { Project: { name: 'Baker' }, NumVendors: 8 } }],
    ['a list of lists', { Engineering: { Project: [['Baker']] } }],
    ['a list of truths', { Engineering: { Certification: [true] } }],
    ['a set that is a text', { Engineering: 'Baker' }],
    ['no sets at all', 'Engineering'],
  ])('are not read, whole, with %s, and the principal is kept', (_says, sets) => {
    const parsed = parseServicePrincipal({ ...principal, customSecurityAttributes: sets });
    expect(parsed).toMatchObject({ id: principal.id, securityAttributes: null });
  });
});
