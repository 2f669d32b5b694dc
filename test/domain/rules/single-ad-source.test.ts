import { describe, expect, it } from 'vitest';
import { collected, known, unavailable } from '../../../domain/model/collection.ts';
import { singleAdSource } from '../../../domain/rules/single-ad-source.ts';
import {
  account,
  activeDirectory,
  application,
  directory,
  gap,
  guid,
  host,
  judge,
  principalId,
  settings,
} from '../build.ts';

const noApp = directory({ applications: known([]), servicePrincipals: known([]) });
const nothingRead = directory({
  applications: unavailable(gap('applications')),
  servicePrincipals: unavailable(gap('service-principals')),
});

describe('single-ad-source: the account has one identity source', () => {
  it('is compliant with Entra Kerberos, alone or with the domain name and GUID that File Explorer needs', () => {
    const properties = activeDirectory({ domainName: 'corp.contoso.com', domainGuid: guid(60) });
    const compliant = {
      outcome: 'pass',
      evidence: { directoryServiceOptions: 'AADKERB', residue: [], smbOAuthEnabled: false },
    };
    expect(judge(singleAdSource)).toMatchObject(compliant);
    expect(judge(singleAdSource, { account: account({ activeDirectory: properties }) })).toMatchObject(compliant);
  });

  it('judges Entra Kerberos by the account alone', () => {
    expect(judge(singleAdSource, { directory: nothingRead }).outcome).toBe('pass');
  });

  it.each(['AD', 'AADDS'])('is compliant with %s and no storage app', (directoryService) => {
    expect(judge(singleAdSource, { account: account({ directoryService }), directory: noApp })).toMatchObject({
      outcome: 'pass',
      evidence: { directoryServiceOptions: directoryService },
    });
  });

  it.each([
    { domainSid: 'S-1-5-21-1-2-3' },
    { azureStorageSid: 'S-1-5-21-1-2-3-4' },
    { netBiosDomainName: 'CORP' },
    { forestName: 'contoso.com' },
    { samAccountName: 'contosoprof' },
    { accountType: 'Computer' },
  ])('warns of what AD DS left: %o', (left) => {
    const verdict = judge(singleAdSource, { account: account({ activeDirectory: activeDirectory(left) }) });
    expect(verdict).toMatchObject({ outcome: 'warn', severity: 'medium', evidence: { residue: Object.keys(left) } });
  });

  it('warns of SMB OAuth beside Entra Kerberos', () => {
    expect(judge(singleAdSource, { account: account({ smbOAuthEnabled: true }) })).toMatchObject({
      outcome: 'warn',
      severity: 'medium',
      evidence: { directoryServiceOptions: 'AADKERB', residue: [], smbOAuthEnabled: true },
    });
  });

  it.each(['AD', 'AADDS', 'None'])('warns when the source is %s and the storage app is alive', (directoryService) => {
    const verdict = judge(singleAdSource, { account: account({ directoryService }) });
    expect(verdict).toMatchObject({ outcome: 'warn', severity: 'medium', deciders: [application().appId] });
    expect(verdict.evidence).toEqual({
      directoryServiceOptions: directoryService,
      foundBy: 'servicePrincipalName',
      confidence: 'high',
      apps: [
        {
          appId: application().appId,
          displayName: application().displayName,
          origin: 'managed',
          servicePrincipalId: principalId,
        },
      ],
    });
  });

  it('warns of an app seen in one list though the other was not read', () => {
    const half = directory({ servicePrincipals: unavailable(gap('service-principals')) });
    expect(judge(singleAdSource, { account: account({ directoryService: 'AD' }), directory: half }).outcome).toBe(
      'warn',
    );
  });

  it('is not compliant when settings expect another source, which is looked at first', () => {
    const expecting = settings({ expectedSource: [{ match: { tag: { role: 'profiles' } }, source: 'AADKERB' }] });
    const tags = { Role: 'Profiles' };
    const of = (directoryService: string) =>
      judge(singleAdSource, {
        account: account({ directoryService, tags }),
        settings: expecting,
        directory: nothingRead,
      });
    expect(of('None')).toMatchObject({
      outcome: 'fail',
      severity: 'high',
      evidence: { directoryServiceOptions: 'None', expectedSource: 'AADKERB' },
    });
    expect(of('AD')).toMatchObject({ outcome: 'fail', severity: 'high' });
    expect(of('AADKERB').outcome).toBe('pass');
    expect(judge(singleAdSource, { account: account(), settings: expecting }).outcome).toBe('pass');
  });

  it('goes by the first expectation that matches', () => {
    const expectedSource = [
      { match: { name: 'contoso*' }, source: 'aadkerb' },
      { match: {}, source: 'AD' },
    ];
    expect(judge(singleAdSource, { settings: settings({ expectedSource }) }).outcome).toBe('pass');
  });

  it('does not apply without a source and without an app, or to kinds that hold no SMB shares', () => {
    expect(judge(singleAdSource, { account: account({ directoryService: 'None' }), directory: noApp }).outcome).toBe(
      'not-applicable',
    );
    expect(judge(singleAdSource, { account: account({ kind: 'BlockBlobStorage' }) }).outcome).toBe('not-applicable');
  });

  it('could not be evaluated: a source that is not known here', () => {
    expect(judge(singleAdSource, { account: account({ directoryService: 'SomethingNew' }) })).toMatchObject({
      outcome: 'unknown',
      gaps: [],
      evidence: { directoryServiceOptions: 'SomethingNew' },
    });
  });

  it.each(['AD', 'AADDS'])('could not be evaluated: %s without a file endpoint by which to find an app', (source) => {
    const bare = account({ directoryService: source, host: null });
    expect(judge(singleAdSource, { account: bare })).toMatchObject({
      outcome: 'unknown',
      gaps: [],
      evidence: { directoryServiceOptions: source },
    });
  });

  it('does not apply without a source and without a file endpoint', () => {
    const bare = account({ directoryService: 'None', host: null });
    expect(judge(singleAdSource, { account: bare }).outcome).toBe('not-applicable');
  });

  it.each(['AD', 'AADDS', 'None'])(
    'could not be evaluated: %s, no app seen and one list partial',
    (directoryService) => {
      const partial = directory({
        applications: known([]),
        servicePrincipals: collected<never>([], [gap('service-principals')]),
      });
      expect(judge(singleAdSource, { account: account({ directoryService }), directory: partial })).toMatchObject({
        outcome: 'unknown',
        gaps: [gap('service-principals')],
        evidence: { directoryServiceOptions: directoryService },
      });
    },
  );

  it('could not be evaluated: the directory is of another tenant', () => {
    const foreign = account({ directoryService: 'AD', tenantId: guid(78), host });
    expect(judge(singleAdSource, { account: foreign, directory: noApp })).toMatchObject({
      outcome: 'unknown',
      evidence: { directoryServiceOptions: 'AD' },
      gaps: [
        { collection: 'applications', scope: foreign.key },
        { collection: 'service-principals', scope: foreign.key },
      ],
    });
  });
});
