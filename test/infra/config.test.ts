import { describe, expect, it } from 'vitest';
import { ConfigInvalid, listOf, required, roleOf } from '../../infra/config.ts';

describe('The role', () => {
  it.each(['auditor', 'remediator', 'all'] as const)('is %s where the setting says so', (role) => {
    expect(roleOf({ KERBWATCH_ROLE: role })).toBe(role);
  });

  it.each([undefined, '', 'Auditor', 'admin', 'auditor,remediator'])('is never guessed from %j', (role) => {
    const reading = () => roleOf({ KERBWATCH_ROLE: role });
    expect(reading).toThrow(ConfigInvalid);
    expect(reading).toThrow(/KERBWATCH_ROLE.*auditor or remediator/);
  });
});

describe('A required setting', () => {
  it('is read without the space around it', () => {
    expect(required({ PLACE: ' here ' }, 'PLACE', 'a place')).toBe('here');
  });

  it.each([{}, { PLACE: '' }, { PLACE: '  ' }])('is named with what belongs there where it is missing: %j', (env) => {
    const reading = () => required(env, 'PLACE', 'the address of the store');
    expect(reading).toThrow(ConfigInvalid);
    expect(reading).toThrow(/PLACE.*the address of the store/);
  });
});

describe('A comma list', () => {
  it.each<[string | undefined, string[]]>([
    [undefined, []],
    ['', []],
    [' , ,', []],
    ['a', ['a']],
    [' a, b ,,c ', ['a', 'b', 'c']],
  ])('in %j holds %j', (value, entries) => {
    expect(listOf({ LIST: value }, 'LIST')).toEqual(entries);
  });
});
