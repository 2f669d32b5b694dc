import { describe, expect, it } from 'vitest';
import { matchesAccount } from '../../../domain/model/account-match.ts';
import type { AccountMatch } from '../../../domain/model/settings.ts';
import { account, guid } from '../build.ts';

const profiles = account({ tags: { Env: 'Prod', owner: 'Desktop Team' } });

describe('A match', () => {
  it.each<[string, AccountMatch]>([
    ['nothing at all', {}],
    ['the name', { name: 'contosoprofiles' }],
    ['the name in another case', { name: 'ContosoProfiles' }],
    ['the beginning', { name: 'contoso*' }],
    ['the end', { name: '*profiles' }],
    ['the middle', { name: '*sopro*' }],
    ['both ends', { name: 'con*les' }],
    ['pieces in order', { name: 'c*o*p*files' }],
    ['a wildcard for nothing', { name: 'contoso*profiles*' }],
    ['anything', { name: '*' }],
    ['the resource group, case ignored', { resourceGroup: 'PROFILES' }],
    ['the subscription', { subscription: guid(2).toUpperCase() }],
    ['a tag, case ignored in name and value', { tag: { env: 'prod' } }],
    ['a tag by wildcard', { tag: { Owner: 'desktop*' } }],
    ['all of several', { name: 'contoso*', resourceGroup: 'profiles', tag: { env: 'prod', owner: '*' } }],
  ])('holds for %s', (_, match) => {
    expect(matchesAccount(match, profiles)).toBe(true);
  });

  it.each<[string, AccountMatch]>([
    ['part of the name', { name: 'contoso' }],
    ['pieces in the wrong order', { name: '*profiles*contoso*' }],
    ['ends that would have to overlap', { name: 'contosoprofi*ofiles' }],
    ['a piece that the end has used up', { name: '*profiles*profiles' }],
    ['what only a regular expression would match', { name: 'contoso.rofiles' }],
    ['the empty pattern', { name: '' }],
    ['another subscription', { subscription: guid(3) }],
    ['another value of a tag', { tag: { env: 'test' } }],
    ['a tag that is not there, whatever its value', { tag: { costcentre: '*' } }],
    ['one of several only', { name: 'contoso*', resourceGroup: 'other' }],
    ['one of two tags only', { tag: { env: 'prod', owner: 'network' } }],
  ])('does not hold for %s', (_, match) => {
    expect(matchesAccount(match, profiles)).toBe(false);
  });
});
