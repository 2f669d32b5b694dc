import { describe, expect, it } from 'vitest';
import { planMissingScopes } from '../../../domain/remediation/plan-missing-scopes.ts';
import type { Planned } from '../../../domain/remediation/planned.ts';
import type { WireObject } from '../../../infra/estate-source.ts';
import { graphPrincipalId, guid, principalId } from '../build.ts';
import { contextOf, worldOf } from './apply-plan.ts';
import { callOf, planOf, taskOf, whyNone } from './planned.ts';
import { wireApplication, wireGrant, wireGraphPrincipal, wirePrincipal } from './wire-objects.ts';

function plan(...grants: readonly WireObject[]): Planned {
  const principals = [wireGraphPrincipal(), wirePrincipal()];
  return planMissingScopes(
    contextOf(worldOf({ applications: [wireApplication()], servicePrincipals: principals, grants })),
  );
}

describe('The plan that adds missing scopes', () => {
  const id = 'l5eW7x0ga0-WDOntXzHateQDNpSH5-lPk9HjD3Sarjk';

  it('replaces the text by the old one, blanks and all, with what is missing behind it', () => {
    const planned = plan(wireGrant({ scope: ' openid  Mail.Read' }));

    expect(planOf(planned)).toMatchObject({
      action: 'add-missing-scopes',
      risk: 'safe',
      target: { type: 'oauth2PermissionGrant', id },
    });
    expect(callOf(planned)).toEqual({
      method: 'PATCH',
      url: `/v1.0/oauth2PermissionGrants/${id}`,
      body: { scope: ' openid  Mail.Read profile User.Read' },
      permission: 'DelegatedPermissionGrant.ReadWrite.All',
      reads: {
        url: `/v1.0/oauth2PermissionGrants/${id}?$select=clientId,consentType,resourceId,scope`,
        expect: {
          '/clientId': principalId,
          '/consentType': 'AllPrincipals',
          '/resourceId': graphPrincipalId,
          '/scope': ' openid  Mail.Read',
        },
        afterwards: {
          '/clientId': principalId,
          '/consentType': 'AllPrincipals',
          '/resourceId': graphPrincipalId,
          '/scope': ' openid  Mail.Read profile User.Read',
        },
      },
      undo: { method: 'PATCH', url: `/v1.0/oauth2PermissionGrants/${id}`, body: { scope: ' openid  Mail.Read' } },
      before: { scope: ' openid  Mail.Read' },
      after: { scope: ' openid  Mail.Read profile User.Read' },
    });
  });

  it.each([
    ['', 'openid profile User.Read'],
    ['openid ', 'openid profile User.Read'],
    ['OPENID user.read', 'OPENID user.read profile'],
  ])('makes of ‹%s› ‹%s›', (scope, after) => {
    expect(callOf(plan(wireGrant({ scope }))).after).toEqual({ scope: after });
  });

  it('leaves consents of single users and on other resources alone', () => {
    const planned = plan(
      wireGrant({ id: 'user', consentType: 'Principal', principalId: guid(7) }),
      wireGrant({ id: 'other', resourceId: guid(8) }),
      wireGrant({ scope: 'openid' }),
    );
    expect(planOf(planned).target.id).toBe(id);
  });

  it.each<[string, readonly WireObject[], RegExp]>([
    ['nothing is missing', [wireGrant()], /all three/],
    ['there is no tenant-wide consent', [], /no tenant-wide/],
    ['the consent has no text', [wireGrant({ scope: null })], /text/],
    [
      'the type of consent is not known',
      [wireGrant({ consentType: 'SomePrincipals', scope: 'openid' })],
      /no tenant-wide/,
    ],
  ])('is none where %s', (_, grants, why) => {
    expect(whyNone(plan(...grants))).toMatch(why);
  });

  it('is a task where there are two to choose from', () => {
    const planned = plan(wireGrant({ scope: 'openid' }), wireGrant({ id: 'second', scope: 'profile' }));
    expect(taskOf(planned).runbook).toBe('consent-by-hand');
  });
});
