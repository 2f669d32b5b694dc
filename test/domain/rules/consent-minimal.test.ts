import { describe, expect, it } from 'vitest';
import { collected, known, unavailable } from '../../../domain/model/collection.ts';
import { consentMinimal } from '../../../domain/rules/consent-minimal.ts';
import {
  account,
  directory,
  gap,
  grant,
  graphPrincipal,
  graphPrincipalId,
  guid,
  judge,
  principalId,
} from '../build.ts';

function withGrants(...grants: ReturnType<typeof grant>[]) {
  return { directory: directory({ oauth2PermissionGrants: known(grants) }) };
}

describe('consent-minimal: nobody has consented to more than openid, profile and User.Read', () => {
  it.each([
    ['the three', withGrants(grant())],
    ['the three in another spelling', withGrants(grant({ scopes: ['OpenID', 'PROFILE', 'user.read'] }))],
    ['fewer, which is another rule', withGrants(grant({ scopes: ['openid'] }))],
    ['none at all', withGrants()],
    ['more for another client', withGrants(grant({ clientId: guid(62), scopes: ['Mail.Read'] }))],
  ])('is compliant with %s', (_says, over) => {
    expect(judge(consentMinimal, over)).toMatchObject({ outcome: 'pass', deciders: [principalId] });
  });

  it.each([
    ['on Microsoft Graph, tenant-wide', {}],
    ['by one person', { consentType: 'Principal' }],
    ['on another resource', { resourceId: guid(61) }],
  ])('warns of more: %s', (_says, over) => {
    const wide = grant({ id: 'wide', scopes: ['openid', 'Mail.Read'], ...over });
    const verdict = judge(consentMinimal, withGrants(grant(), wide));
    expect(verdict).toMatchObject({
      outcome: 'warn',
      severity: 'low',
      deciders: [principalId, 'wide'].sort(),
      evidence: { apps: [{ grants: [{ id: 'wide', extraScopes: ['Mail.Read'] }] }] },
    });
    expect(verdict.title).toContain('Mail.Read');
  });

  it('does not take a scope that only begins alike for a needed one', () => {
    expect(judge(consentMinimal, withGrants(grant({ scopes: ['User.ReadWrite'] }))).outcome).toBe('warn');
  });

  it('names each scope once, sorted, and says the same in whatever order the grants come', () => {
    const first = grant({ id: 'a', scopes: ['Mail.Read', 'mail.read', 'Files.Read'] });
    const second = grant({ id: 'b', resourceId: guid(61), scopes: ['MAIL.READ'] });
    const verdict = judge(consentMinimal, withGrants(first, second));
    expect(verdict.title).toMatch(/: Files\.Read, MAIL\.READ$/);
    expect(verdict).toMatchObject({
      evidence: {
        apps: [
          {
            grants: [
              {
                id: 'a',
                consentType: 'AllPrincipals',
                resourceId: graphPrincipalId,
                extraScopes: ['Files.Read', 'Mail.Read'],
              },
              { id: 'b', extraScopes: ['MAIL.READ'] },
            ],
          },
        ],
      },
    });
    const turned = grant({ id: 'a', scopes: ['Files.Read', 'mail.read', 'Mail.Read'] });
    expect(judge(consentMinimal, withGrants(second, turned))).toEqual(verdict);
  });

  it('does not apply without an app, without its principal, or to other sources', () => {
    const none = directory({ applications: known([]), servicePrincipals: known([graphPrincipal()]) });
    const orphan = directory({ servicePrincipals: known([graphPrincipal()]) });
    expect(judge(consentMinimal, { directory: none }).outcome).toBe('not-applicable');
    expect(judge(consentMinimal, { directory: orphan }).outcome).toBe('not-applicable');
    expect(judge(consentMinimal, { account: account({ directoryService: 'AD' }) }).outcome).toBe('not-applicable');
  });

  it('could not be evaluated: grants not read whole, and no extra scope seen', () => {
    for (const oauth2PermissionGrants of [
      unavailable<never>(gap('oauth2-permission-grants')),
      collected([grant()], [gap('oauth2-permission-grants')]),
    ]) {
      expect(judge(consentMinimal, { directory: directory({ oauth2PermissionGrants }) })).toMatchObject({
        outcome: 'unknown',
        severity: 'low',
        gaps: [gap('oauth2-permission-grants')],
      });
    }
  });

  it('is decided by an extra scope seen in part of the grants', () => {
    const oauth2PermissionGrants = collected([grant({ scopes: ['Mail.Read'] })], [gap('oauth2-permission-grants')]);
    expect(judge(consentMinimal, { directory: directory({ oauth2PermissionGrants }) })).toMatchObject({
      outcome: 'warn',
      gaps: [],
    });
  });

  it('could not be evaluated: the principal was not read', () => {
    const servicePrincipals = unavailable<never>(gap('service-principals'));
    expect(judge(consentMinimal, { directory: directory({ servicePrincipals }) })).toMatchObject({
      outcome: 'unknown',
      gaps: [gap('service-principals')],
    });
  });
});
