import { describe, expect, it } from 'vitest';
import { collected, known, unavailable } from '../../../domain/model/collection.ts';
import type { DirectoryFacts } from '../../../domain/model/facts.ts';
import { cloudOnlyGroupTag } from '../../../domain/rules/cloud-only-group-tag.ts';
import { account, appId, application, directory, gap, graphPrincipal, judge, principal, settings } from '../build.ts';

const tag = 'kdc_enable_cloud_group_sids';
const declared = settings({ cloudOnlyUsers: [{ tag: { users: 'cloud' } }, { name: 'contoso*' }] });

function verdict(over: Partial<DirectoryFacts> = {}) {
  return judge(cloudOnlyGroupTag, { directory: directory(over), settings: declared });
}

function tagged(...tags: string[]) {
  return { applications: known([application({ tags })]) };
}

describe('cloud-only-group-tag: where cloud-only users are declared, the application carries the tag', () => {
  it('is compliant with the tag, among others', () => {
    expect(verdict(tagged('HideApp', tag))).toMatchObject({
      outcome: 'pass',
      deciders: [appId],
      evidence: { apps: [{ tags: ['HideApp', tag] }] },
    });
  });

  it.each([
    ['without any tag', []],
    ['with others only', ['HideApp']],
    ['with the tag in another spelling', [tag.toUpperCase()]],
    ['with a tag that only begins alike', [`${tag}_off`]],
  ])('is not compliant %s', (_says, tags) => {
    expect(verdict(tagged(...tags))).toMatchObject({
      outcome: 'fail',
      severity: 'high',
      deciders: [appId],
      evidence: { apps: [{ tagOnPrincipal: false }] },
    });
  });

  it('is not compliant where only the principal carries it, and says so', () => {
    const servicePrincipals = known([graphPrincipal(), principal({ tags: [tag] })]);
    expect(verdict({ servicePrincipals })).toMatchObject({
      outcome: 'fail',
      evidence: { apps: [{ tagOnPrincipal: true }] },
    });
  });

  it('is not compliant where there is no application that could carry it', () => {
    expect(verdict({ applications: known([]) })).toMatchObject({
      outcome: 'fail',
      evidence: { apps: [{ tags: null }] },
    });
  });

  it('does not apply where settings declare no cloud-only users for the account, whatever could not be read', () => {
    const elsewhere = settings({ cloudOnlyUsers: [{ name: 'other' }] });
    const unread = directory({ applications: unavailable(gap('applications')) });
    expect(judge(cloudOnlyGroupTag).outcome).toBe('not-applicable');
    expect(judge(cloudOnlyGroupTag, { settings: elsewhere, directory: unread }).outcome).toBe('not-applicable');
  });

  it('does not apply without an app, or to other sources', () => {
    expect(verdict({ applications: known([]), servicePrincipals: known([graphPrincipal()]) }).outcome).toBe(
      'not-applicable',
    );
    expect(judge(cloudOnlyGroupTag, { account: account({ directoryService: 'AD' }), settings: declared }).outcome).toBe(
      'not-applicable',
    );
  });

  it.each([
    ['not read', unavailable<never>(gap('applications'))],
    ['read in part', collected<never>([], [gap('applications')])],
  ])('could not be evaluated: applications were %s, and its own not seen', (_says, applications) => {
    expect(verdict({ applications })).toMatchObject({
      outcome: 'unknown',
      severity: 'high',
      gaps: [gap('applications')],
    });
  });

  it('could not be evaluated: whether the application has a principal was not read', () => {
    expect(verdict({ servicePrincipals: unavailable(gap('service-principals')) })).toMatchObject({
      outcome: 'unknown',
      gaps: [gap('service-principals')],
    });
  });

  it('is decided by an application seen in part of the list', () => {
    const gaps = [gap('applications')];
    expect(verdict({ applications: collected([application({ tags: [tag] })], gaps) }).outcome).toBe('pass');
    expect(verdict({ applications: collected([application()], gaps) }).outcome).toBe('fail');
  });
});
