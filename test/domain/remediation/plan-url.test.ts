import { describe, expect, it } from 'vitest';
import { known } from '../../../domain/model/collection.ts';
import { planFor } from '../../../domain/remediation/plan-for.ts';
import { accountPath, checkedId, grantPath, IdMalformed, objectPath } from '../../../domain/remediation/plan-url.ts';
import { account, directory, graphPrincipal, guid, principal, situation } from '../build.ts';
import { whyNone } from './planned.ts';

describe('A URL of a plan', () => {
  it.each(['', 'x', `${guid(1)}/../x`, `${guid(1)}?x`, "' or 1 eq 1", '../users/1', `${guid(1)}\n`])(
    'takes no ‹%s› for an object id or the id of a consent or an account',
    (id) => {
      expect(() => objectPath('applications', id)).toThrow(IdMalformed);
      expect(() => checkedId(id)).toThrow(IdMalformed);
      expect(() => accountPath(id)).toThrow(IdMalformed);
      if (id !== 'x') expect(() => grantPath(id)).toThrow(IdMalformed);
    },
  );

  it.each([
    account().key.replace('/profiles/', '/../'),
    account().key.replace('profiles', 'a%2Fb'),
    account().key.replace('microsoft.storage', 'microsoft.keyvault'),
    `${account().key}/x`,
    account().key.replace(guid(2), 'all'),
  ])('takes no %s for an account', (key) => {
    expect(() => accountPath(key)).toThrow(IdMalformed);
  });

  it('encodes the name of a resource group', () => {
    const key = account().key.replace('/profiles/', '/größe (1)/');
    expect(accountPath(key)).toContain('/gr%C3%B6%C3%9Fe%20(1)/');
    expect(accountPath(account().id, '/fileServices/default')).toBe(
      `${account().key}/fileServices/default?api-version=2025-08-01`,
    );
  });

  it('is a reason not to plan where an id is none', () => {
    const odd = principal({ id: "x' or clientId ne 'y" });
    const facts = directory({ oauth2PermissionGrants: known([]), servicePrincipals: known([graphPrincipal(), odd]) });
    expect(whyNone(planFor('consent-granted', situation({ directory: facts })))).toMatch(/GUID/);
  });
});
