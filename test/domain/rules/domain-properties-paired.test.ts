import { describe, expect, it } from 'vitest';
import { unavailable } from '../../../domain/model/collection.ts';
import type { ActiveDirectoryProperties } from '../../../domain/model/storage-account.ts';
import { domainPropertiesPaired } from '../../../domain/rules/domain-properties-paired.ts';
import { account, activeDirectory, directory, gap, guid, judge } from '../build.ts';

const domainName = 'corp.contoso.com';
const domainGuid = guid(0xabc);

function verdict(over: Partial<ActiveDirectoryProperties> | null) {
  return judge(domainPropertiesPaired, {
    account: account({ activeDirectory: over === null ? null : activeDirectory(over) }),
  });
}

describe('domain-properties-paired: domainName and domainGuid are both set, or neither is', () => {
  it.each([
    ['both', { domainName, domainGuid }],
    ['both, in capitals', { domainName, domainGuid: domainGuid.toUpperCase() }],
    ['neither', {}],
    ['neither, and no properties at all', null],
  ])('is compliant with %s', (_says, over) => {
    expect(verdict(over)).toMatchObject({ outcome: 'pass', severity: 'low' });
  });

  it.each([
    ['the name alone', { domainName }, 'without domainGuid'],
    ['the GUID alone', { domainGuid }, 'without domainName'],
    ['a GUID that is none', { domainName, domainGuid: 'corp' }, '‹corp›'],
    ['a GUID and more', { domainName, domainGuid: `${domainGuid}0` }, 'is no GUID'],
    ['more and a GUID', { domainName, domainGuid: `0${domainGuid}` }, 'is no GUID'],
    ['a GUID in braces', { domainName, domainGuid: `{${domainGuid}}` }, 'is no GUID'],
    ['a GUID without dashes', { domainName, domainGuid: domainGuid.replaceAll('-', '') }, 'is no GUID'],
  ])('is not compliant with %s', (_says, over, told) => {
    const judged = verdict(over);
    expect(judged).toMatchObject({ outcome: 'fail', severity: 'low', evidence: over });
    expect(judged.title).toContain(told);
    expect(judged.title).toContain('File Explorer');
  });

  it.each(['AD', 'AADDS', 'None'])('does not apply to identity source %s', (directoryService) => {
    const given = account({ directoryService, activeDirectory: activeDirectory({ domainName }) });
    expect(judge(domainPropertiesPaired, { account: given }).outcome).toBe('not-applicable');
  });

  it('does not apply to a kind that holds no SMB shares', () => {
    const given = account({ kind: 'BlobStorage', activeDirectory: activeDirectory({ domainName }) });
    expect(judge(domainPropertiesPaired, { account: given }).outcome).toBe('not-applicable');
  });

  it('needs no directory', () => {
    const unread = directory({
      applications: unavailable(gap('applications')),
      servicePrincipals: unavailable(gap('service-principals')),
    });
    expect(judge(domainPropertiesPaired, { directory: unread, account: account({ tenantId: guid(9) }) }).outcome).toBe(
      'pass',
    );
  });

  it('leaves an identity source that is not known to single-ad-source', () => {
    const strange = account({ directoryService: 'New' });
    expect(judge(domainPropertiesPaired, { account: strange }).outcome).toBe('not-applicable');
  });
});
