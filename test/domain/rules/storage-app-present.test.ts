import { describe, expect, it } from 'vitest';
import { collected, known, unavailable } from '../../../domain/model/collection.ts';
import { storageAppPresent } from '../../../domain/rules/storage-app-present.ts';
import { account, directory, gap, graphPrincipal, guid, host, judge, principal } from '../build.ts';

describe('storage-app-present: the storage app and its principal exist and are enabled', () => {
  it('is compliant when both are there', () => {
    expect(judge(storageAppPresent)).toMatchObject({ outcome: 'pass', severity: 'critical' });
  });

  it('is compliant by presence, though the list was read in part', () => {
    const partial = directory({ servicePrincipals: collected([principal()], [gap('service-principals')]) });
    expect(judge(storageAppPresent, { directory: partial }).outcome).toBe('pass');
  });

  it.each([
    ['no application, from lists read whole', { applications: known<never>([]), servicePrincipals: known<never>([]) }],
    ['an application without its principal', { servicePrincipals: known([graphPrincipal()]) }],
    ['a disabled principal', { servicePrincipals: known([principal({ accountEnabled: false })]) }],
    [
      'a principal that Microsoft disabled',
      { servicePrincipals: known([principal({ disabledByMicrosoftStatus: 'Disabled' })]) },
    ],
  ])('is not compliant: %s', (_says, facts) => {
    expect(judge(storageAppPresent, { directory: directory(facts) })).toMatchObject({
      outcome: 'fail',
      severity: 'critical',
    });
  });

  it('is not compliant by presence of an app that only its title tells, in lists read in part', () => {
    const lookalike = principal({ servicePrincipalNames: [] });
    const partial = directory({
      applications: known([]),
      servicePrincipals: collected([lookalike], [gap('service-principals')]),
    });
    expect(judge(storageAppPresent, { directory: partial })).toMatchObject({
      outcome: 'unknown',
      gaps: [gap('service-principals')],
      evidence: { foundBy: 'displayName' },
    });
  });

  it('judges each of several candidates, and the worst counts', () => {
    const other = principal({
      id: guid(51),
      appId: guid(50),
      servicePrincipalNames: [`CIFS/${host}`],
      accountEnabled: false,
    });
    const facts = { servicePrincipals: known([principal(), other]) };
    expect(judge(storageAppPresent, { directory: directory(facts) })).toMatchObject({
      outcome: 'fail',
      deciders: [guid(50)],
    });
  });

  it.each([
    ['another source', account({ directoryService: 'AD' })],
    ['no source', account({ directoryService: 'None' })],
    ['a kind without SMB shares', account({ kind: 'BlobStorage' })],
  ])('does not apply: %s', (_says, subject) => {
    expect(judge(storageAppPresent, { account: subject }).outcome).toBe('not-applicable');
  });

  it('judges a kind that is not known like one that holds shares, and says so', () => {
    const none = directory({ applications: known([]), servicePrincipals: known([]) });
    const subject = account({ kind: 'StorageV9' });
    expect(judge(storageAppPresent, { account: subject, directory: none })).toMatchObject({
      outcome: 'fail',
      evidence: { unknownKind: 'StorageV9' },
    });
  });

  it.each([
    [
      'nothing seen, applications unread',
      { applications: unavailable<never>(gap('applications')), servicePrincipals: known<never>([]) },
      ['applications'],
    ],
    [
      'application seen, principals unread',
      { servicePrincipals: unavailable<never>(gap('service-principals')) },
      ['service-principals'],
    ],
    ['whether it is enabled was not read', { servicePrincipals: known([principal({ accountEnabled: null })]) }, []],
  ])('could not be evaluated: %s', (_says, facts, collections) => {
    const verdict = judge(storageAppPresent, { directory: directory(facts) });
    expect(verdict.outcome).toBe('unknown');
    expect(verdict.gaps.map(({ collection }) => collection)).toEqual(collections);
  });

  it.each([
    ['another tenant', account({ tenantId: guid(78) })],
    ['no file endpoint', account({ host: null })],
  ])('could not be evaluated: %s', (_says, subject) => {
    expect(judge(storageAppPresent, { account: subject }).outcome).toBe('unknown');
  });
});
