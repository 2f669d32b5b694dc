import { describe, expect, it } from 'vitest';
import { collected, known, unavailable } from '../../../domain/model/collection.ts';
import { consentGranted } from '../../../domain/rules/consent-granted.ts';
import {
  account,
  directory,
  gap,
  grant,
  graphPrincipal,
  graphPrincipalId,
  guid,
  host,
  judge,
  principal,
  principalId,
} from '../build.ts';

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

  it('shows what is granted, by which grants, and how many do not count, in whatever order they came', () => {
    const grants = [
      grant({ id: 'grant-2', scopes: ['User.Read', 'profile'] }),
      grant({ id: 'grant-1', scopes: ['Openid', 'profile'] }),
      grant({ id: 'mine', consentType: 'Principal' }),
      grant({ id: 'elsewhere', resourceId: guid(61) }),
      grant({ id: 'of another client', clientId: guid(62) }),
    ];
    const verdict = judge(consentGranted, { directory: withGrants(...grants) });
    expect(verdict).toMatchObject({
      outcome: 'pass',
      evidence: {
        apps: [
          {
            missingScopes: [],
            grantedScopes: ['openid', 'profile', 'user.read'],
            grantIds: ['grant-1', 'grant-2'],
            microsoftGraphPrincipalIds: [graphPrincipalId],
            uncountedGrants: 2,
            readFrom: 'oauth2-permission-grants',
          },
        ],
      },
    });
    expect(judge(consentGranted, { directory: withGrants(...grants.toReversed()) })).toEqual(verdict);
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

  it('could not be evaluated where what would do is consent of a type that is not known', () => {
    const strange = grant({ consentType: 'SomePrincipals', scopes: ['profile', 'User.Read'] });
    const judged = (...grants: Parameters<typeof withGrants>) =>
      judge(consentGranted, { directory: withGrants(...grants) });
    expect(judged(strange, grant({ id: 'grant-2', scopes: ['openid'] }))).toMatchObject({
      outcome: 'unknown',
      severity: 'critical',
      title: 'Whether consent of type ‹SomePrincipals› counts is not known here',
      gaps: [],
    });
    expect(judged(strange).outcome).toBe('fail');
    expect(judged(grant({ consentType: 'SomePrincipals', resourceId: guid(61) })).outcome).toBe('fail');
  });

  it('could not be evaluated where Microsoft Graph is not among the principals, though its list is whole', () => {
    const withoutGraph = (...grants: ReturnType<typeof grant>[]) =>
      judge(consentGranted, {
        directory: directory({ servicePrincipals: known([principal()]), oauth2PermissionGrants: known(grants) }),
      });
    expect(withoutGraph(grant())).toMatchObject({ outcome: 'unknown', gaps: [] });
    expect(withoutGraph(grant()).title).toContain('Microsoft Graph is not among');
    expect(withoutGraph(grant({ consentType: 'Principal' })).outcome).toBe('fail');
    expect(withoutGraph(grant({ scopes: ['openid'] })).outcome).toBe('fail');
  });

  it('is not compliant whatever Microsoft Graph is called, where no consent would do for any resource', () => {
    const servicePrincipals = collected([principal()], [gap('service-principals')]);
    const grants = known([grant({ scopes: ['openid'] }), grant({ id: 'mine', consentType: 'Principal' })]);
    const judged = judge(consentGranted, {
      directory: directory({ servicePrincipals, oauth2PermissionGrants: grants }),
    });
    expect(judged.outcome).toBe('fail');
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
