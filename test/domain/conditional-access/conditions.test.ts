import { describe, expect, it } from 'vitest';
import { readConditions } from '../../../domain/conditional-access/conditions.ts';
import { narrowestOf, type Reach } from '../../../domain/conditional-access/reading.ts';
import type { ConditionalAccessPolicy } from '../../../domain/model/conditional-access-policy.ts';
import { guid, policy, users } from '../build.ts';

/** The row, reach and words of the reading that differs from those of a policy without conditions. */
function reads(over: Partial<ConditionalAccessPolicy>): readonly string[] {
  const plain = readConditions(policy()).map(spelled);
  return readConditions(policy(over))
    .map(spelled)
    .filter((one) => !plain.includes(one));
}

function spelled({ reach, reason }: ReturnType<typeof readConditions>[number]): string {
  return `${String(reason.row)} ${reach}: ${reason.words}`;
}

const within = (include: string[], exclude: string[] = []) => ({ include, exclude });

describe('the conditions of a policy', () => {
  it('are all users and all clients where nothing else is set', () => {
    expect(readConditions(policy()).map(spelled)).toEqual(['13 all: all users', '16 all: all clients']);
  });

  it.each([
    ['12 none: no users', { includeUsers: ['None'] }],
    ['12 none: no users', { includeUsers: ['none'] }],
    ['13 all: all users', { includeUsers: ['all', 'None'], includeRoles: [guid(7)] }],
    [
      '14 users: groups',
      { includeUsers: ['None'], includeGroups: [guid(5)], includeRoles: [guid(7)], includesGuests: true },
    ],
    ['14 users: named users', { includeUsers: [guid(5), 'GuestsOrExternalUsers'], includeRoles: [guid(7)] }],
    ['14 some: directory roles', { includeRoles: [guid(7)], includesGuests: true }],
    ['15 few: guests only', { includesGuests: true }],
    ['15 few: guests only', { includeUsers: ['guestsOrExternalUsers'] }],
    ['15 few: guests only', { includeUsers: ['None'], includesGuests: true }],
    ['32 undecided: names no users', {}],
    ['32 undecided: names no users', { excludeUsers: [guid(5)] }],
    [
      '32 undecided: unknown users: AllOthers, Robots',
      { includeUsers: ['Robots', guid(5), 'AllOthers'], includeGroups: [guid(6)] },
    ],
  ])('read users: %s', (expected, over) => {
    expect(readConditions(policy({ users: users(over) })).map(spelled)).toContain(expected);
  });

  it.each([
    ['16 all: desktop clients', ['mobileAppsAndDesktopClients']],
    ['16 all: desktop clients', ['browser', 'MobileAppsAndDesktopClients', 'fridge']],
    ['17 none: browser or mail clients only', ['browser']],
    ['17 none: browser or mail clients only', ['exchangeActiveSync', 'easSupported']],
    ['18 few: other clients', ['other']],
    ['18 few: other clients', ['browser', 'Other']],
    ['32 undecided: unknown client: fridge, toaster', ['toaster', 'fridge', 'other']],
  ])('read clients: %s', (expected, clientAppTypes) => {
    expect(reads({ clientAppTypes })).toEqual([expected]);
  });

  it('read all clients among others as all', () => {
    expect(reads({ clientAppTypes: ['browser', 'All'] })).toEqual([]);
  });

  it.each([
    ['19 all: Windows', within(['windows'])],
    ['19 all: Windows', within(['linux', 'Windows', 'fridge'])],
    ['19 all: Windows', within(['windows'], ['macOS'])],
    ['19 all: platforms with Windows', within(['all'])],
    [
      '19 all: platforms with Windows',
      within(['all', 'windows'], ['macOS', 'linux', 'android', 'iOS', 'windowsPhone']),
    ],
    ['19 some: all platforms but Windows', within(['All'], ['Windows'])],
    ['19 some: macOS', within(['macOS'])],
    ['19 some: macOS', within(['macOS', 'linux', 'windows'], ['windows'])],
    ['19 none: platforms that mount no shares', within(['android', 'iOS', 'linux'])],
    ['19 none: platforms that mount no shares', within(['linux', 'macOS'], ['macOS'])],
    ['32 undecided: Windows Phone', within(['windowsPhone'])],
    ['32 undecided: unknown platforms: fridge', within(['fridge'])],
    ['32 undecided: unknown platforms: fridge', within(['macOS', 'fridge'])],
    ['32 undecided: no platform is left', within(['windows'], ['windows'])],
    ['32 undecided: excludes all platforms', within(['windows'], ['all'])],
    ['32 undecided: unknown platforms: fridge', within(['all'], ['macOS', 'fridge'])],
    ['32 undecided: no platform is left', within([], ['linux'])],
  ])('read platforms: %s', (expected, platforms) => {
    expect(reads({ platforms })).toEqual([expected]);
  });

  it.each([
    ['20 all: all locations', within(['all'])],
    ['20 all: all locations', within(['All', guid(6)])],
    ['20 some: some locations', within(['All'], ['AllTrusted'])],
    ['20 some: some locations', within([guid(6)])],
    ['20 some: some locations', within(['AllTrusted'])],
    ['20 some: some locations', within([], [guid(6)])],
  ])('read locations: %s', (expected, locations) => {
    expect(reads({ locations })).toEqual([expected]);
  });

  it.each([
    ['22 some: sign-in risk', { signInRiskLevels: ['low', 'medium', 'High', 'hidden', 'none'] }],
    ['32 undecided: unknown sign-in risk: extreme', { signInRiskLevels: ['high', 'extreme'] }],
    ['22 some: user risk', { userRiskLevels: ['high'] }],
    ['32 undecided: unknown user risk: minor', { userRiskLevels: ['minor'] }],
    ['22 some: insider risk', { insiderRiskLevels: ['minor', 'moderate', 'elevated'] }],
    ['32 undecided: unknown insider risk: high', { insiderRiskLevels: ['high'] }],
    ['23 none: authentication flows only', { transferMethods: ['deviceCodeFlow', 'authenticationTransfer'] }],
    ['32 undecided: unknown authentication flow: telepathy', { transferMethods: ['deviceCodeFlow', 'telepathy'] }],
    ['21 some: a device filter', { deviceFilter: { mode: 'include', rule: 'device.model -eq "x"' } }],
    ['32 undecided: workload or agent identities beside users', { selectsWorkloadIdentities: true }],
    ['32 undecided: unknown condition: deviceStates, times', { unreadConditions: ['times', 'deviceStates'] }],
  ])('read %s', (expected, over) => {
    expect(reads(over)).toEqual([expected]);
  });

  it('take the narrowest of what is left, an end before a doubt, a doubt before the rest', () => {
    const order: Reach[] = ['none', 'undecided', 'few', 'some', 'users', 'all'];
    order.forEach((reach, index) => {
      expect(narrowestOf([...order.slice(index)].reverse())).toBe(reach);
    });
    expect(narrowestOf([])).toBe('all');
  });
});
