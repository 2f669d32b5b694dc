import { describe, expect, it } from 'vitest';
import { collected, known, unavailable } from '../../../domain/model/collection.ts';
import { consentGranted } from '../../../domain/rules/consent-granted.ts';
import { account, directory, gap, grant, graphPrincipal, guid, host, judge, principal, principalId } from '../build.ts';

const needed = ['openid', 'profile', 'User.Read'];

function withGrants(...grants: ReturnType<typeof grant>[]) {
  return directory({ oauth2PermissionGrants: known(grants) });
}

describe('consent-granted: tenant-wide consent for openid, profile and User.Read on Microsoft Graph', () => {
  it('is compliant with one grant, or with several that hold the scopes together', () => {
    const halves = withGrants(
      grant({ scopes: ['OPENID'] }),
      grant({ id: 'grant-2', scopes: ['profile', 'user.read', 'Mail.Read'] }),
    );
    expect(judge(consentGranted).outcome).toBe('pass');
    expect(judge(consentGranted, { directory: halves }).outcome).toBe('pass');
  });

  it('is compliant when what was seen of the grants is enough', () => {
    const partial = directory({ oauth2PermissionGrants: collected([grant()], [gap('oauth2-permission-grants')]) });
    expect(judge(consentGranted, { directory: partial }).outcome).toBe('pass');
  });

  it.each([
    ['no grant', [], needed],
    ['consent by one person', [grant({ consentType: 'Principal' })], needed],
    ['consent to another resource', [grant({ resourceId: guid(61) })], needed],
    ['consent to another client', [grant({ clientId: guid(62) })], needed],
    ['a scope missing', [grant({ scopes: ['openid', 'profile'] })], ['User.Read']],
    ['scopes that only begin alike', [grant({ scopes: ['openid', 'profile', 'User.ReadWrite'] })], ['User.Read']],
  ])('is not compliant: %s', (_says, grants, missingScopes) => {
    expect(judge(consentGranted, { directory: withGrants(...grants) })).toMatchObject({
      outcome: 'fail',
      severity: 'critical',
      evidence: { apps: [{ missingScopes }] },
    });
  });

  it('is decided by the principal and the grants that count', () => {
    const verdict = judge(consentGranted, {
      directory: withGrants(grant({ scopes: ['openid'] }), grant({ id: 'mine', consentType: 'Principal' })),
    });
    expect(verdict.deciders).toEqual([principalId, 'grant-1']);
  });

  it('is judged for each of several candidates, and the worst counts', () => {
    const other = principal({ id: guid(51), appId: guid(50), servicePrincipalNames: [`CIFS/${host}`] });
    const facts = { servicePrincipals: known([graphPrincipal(), principal(), other]) };
    expect(judge(consentGranted, { directory: directory(facts) })).toMatchObject({
      outcome: 'fail',
      deciders: [guid(51)],
    });
  });

  it('does not apply without an app, without its principal, or to other sources', () => {
    const none = directory({ applications: known([]), servicePrincipals: known([graphPrincipal()]) });
    const orphan = directory({ servicePrincipals: known([graphPrincipal()]) });
    expect(judge(consentGranted, { directory: none }).outcome).toBe('not-applicable');
    expect(judge(consentGranted, { directory: orphan }).outcome).toBe('not-applicable');
    expect(judge(consentGranted, { account: account({ directoryService: 'AADDS' }) }).outcome).toBe('not-applicable');
  });

  it.each([
    [
      'grants unread',
      { oauth2PermissionGrants: unavailable<never>(gap('oauth2-permission-grants')) },
      'oauth2-permission-grants',
    ],
    [
      'grants partial, none seen enough',
      { oauth2PermissionGrants: collected([grant({ scopes: ['openid'] })], [gap('oauth2-permission-grants')]) },
      'oauth2-permission-grants',
    ],
    [
      'Microsoft Graph not seen, principals partial',
      { servicePrincipals: collected([principal()], [gap('service-principals')]) },
      'service-principals',
    ],
  ])('could not be evaluated: %s', (_says, facts, collection) => {
    expect(judge(consentGranted, { directory: directory(facts) })).toMatchObject({
      outcome: 'unknown',
      gaps: [gap(collection as 'applications')],
    });
  });
});
