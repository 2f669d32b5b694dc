import { describe, expect, it } from 'vitest';
import { collected, known, unavailable } from '../../../domain/model/collection.ts';
import { storageAppPresent } from '../../../domain/rules/storage-app-present.ts';
import { account, appId, directory, gap, graphPrincipal, guid, host, judge, principal, principalId } from '../build.ts';

const title = `[Storage Account] ${host}`;

describe('storage-app-present: the storage app and its principal exist and are enabled', () => {
  it('is compliant when both are there', () => {
    expect(judge(storageAppPresent)).toEqual({
      outcome: 'pass',
      severity: 'critical',
      title: `The storage app ‹${title}› and its service principal are there`,
      evidence: {
        host,
        foundBy: 'servicePrincipalName',
        confidence: 'high',
        apps: [{ appId, displayName: title, origin: 'managed', servicePrincipalId: principalId, principal: 'enabled' }],
      },
      deciders: [appId],
      gaps: [],
    });
  });

  it('is compliant by presence, though the list was read in part', () => {
    const partial = directory({ servicePrincipals: collected([principal()], [gap('service-principals')]) });
    expect(judge(storageAppPresent, { directory: partial }).outcome).toBe('pass');
  });

  it.each([
    ['an application without its principal', { servicePrincipals: known([graphPrincipal()]) }, 'missing', 'has no'],
    [
      'a disabled principal',
      { servicePrincipals: known([principal({ accountEnabled: false })]) },
      'disabled',
      'is disabled',
    ],
    [
      'a principal that Microsoft disabled',
      { servicePrincipals: known([principal({ disabledByMicrosoftStatus: 'Disabled' })]) },
      'disabled',
      'is disabled',
    ],
  ])('is not compliant: %s', (_says, facts, state, words) => {
    const verdict = judge(storageAppPresent, { directory: directory(facts) });
    expect(verdict).toMatchObject({
      outcome: 'fail',
      severity: 'critical',
      deciders: [appId],
      evidence: { apps: [{ appId, displayName: title, principal: state }] },
    });
    expect(verdict.title).toContain(`‹${title}› ${words}`);
  });

  it('is not compliant: no application, from lists read whole', () => {
    const none = directory({ applications: known([]), servicePrincipals: known([]) });
    expect(judge(storageAppPresent, { directory: none })).toMatchObject({
      outcome: 'fail',
      severity: 'critical',
      deciders: [],
      evidence: { host, apps: [], readFrom: ['applications', 'service-principals'] },
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
      evidence: {
        apps: [
          { appId, principal: 'enabled' },
          { appId: guid(50), principal: 'disabled' },
        ],
      },
    });
    const both = { servicePrincipals: known([other, principal({ accountEnabled: false })]) };
    expect(judge(storageAppPresent, { directory: directory(both) }).deciders).toEqual([appId, guid(50)]);
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
      { deciders: [] },
    ],
    [
      'application seen, principals unread',
      { servicePrincipals: unavailable<never>(gap('service-principals')) },
      ['service-principals'],
      { deciders: [appId], evidence: { apps: [{ appId, principal: 'unread' }] } },
    ],
    [
      'whether it is enabled was not read',
      { servicePrincipals: known([principal({ accountEnabled: null })]) },
      [],
      {
        deciders: [appId],
        title: `Whether the service principal of ‹${title}› is enabled was not read`,
        evidence: { apps: [{ appId, principal: 'unclear' }] },
      },
    ],
  ])('could not be evaluated: %s', (_says, facts, collections, told) => {
    const verdict = judge(storageAppPresent, { directory: directory(facts) });
    expect(verdict).toMatchObject({ outcome: 'unknown', ...told });
    expect(verdict.gaps.map(({ collection }) => collection)).toEqual(collections);
  });

  it.each([
    ['another tenant', account({ tenantId: guid(78) })],
    ['no file endpoint', account({ host: null })],
  ])('could not be evaluated: %s', (_says, subject) => {
    expect(judge(storageAppPresent, { account: subject }).outcome).toBe('unknown');
  });
});
