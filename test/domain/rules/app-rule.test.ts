import { describe, expect, it } from 'vitest';
import { collected, known, unavailable } from '../../../domain/model/collection.ts';
import { accountRules } from '../../../domain/rules/index.ts';
import { account, application, directory, gap, graphPrincipal, guid, host, judge, tenantId } from '../build.ts';

/** Rules about the storage app that apply to any account with Entra Kerberos, and judge what its principal holds. */
const appRules = accountRules.filter(({ id }) =>
  [
    'app-assignment-not-required',
    'spn-set-complete',
    'consent-granted',
    'consent-minimal',
    'sp-password-expiry',
  ].includes(id),
);

describe.each(appRules.map((rule) => [rule.id, rule] as const))('%s, as a rule about the storage app', (_id, rule) => {
  it('could not be evaluated: the account is of another tenant, whose directory was not read', () => {
    const foreign = account({ tenantId: guid(78) });
    const verdict = judge(rule, { account: foreign });
    expect(verdict).toMatchObject({
      outcome: 'unknown',
      evidence: { tenantId: guid(78), directoryTenantId: tenantId },
    });
    const directoryNeeds = rule.needs.filter((name) => name !== 'storage-accounts');
    expect(verdict.gaps.map(({ collection, scope }) => [collection, scope])).toEqual(
      directoryNeeds.map((name) => [name, foreign.key]),
    );
  });

  it('could not be evaluated: the application seen has no principal, and another may be in the part not read', () => {
    const read = directory({
      applications: collected([application()], [gap('applications')]),
      servicePrincipals: known([graphPrincipal()]),
    });
    expect(judge(rule, { directory: read })).toMatchObject({ outcome: 'unknown', gaps: [gap('applications')] });
  });

  it('could not be evaluated: the application was seen, its principal was not read', () => {
    const missing = gap('service-principals');
    for (const servicePrincipals of [unavailable<never>(missing), collected([graphPrincipal()], [missing])]) {
      const verdict = judge(rule, { directory: directory({ servicePrincipals }) });
      expect(verdict).toMatchObject({
        outcome: 'unknown',
        severity: rule.severity,
        gaps: [missing],
        evidence: { host, foundBy: 'identifierUri', apps: [{ appId: application().appId, servicePrincipalId: null }] },
      });
    }
  });

  it('names the host of the account', () => {
    expect(judge(rule)).toMatchObject({ evidence: { host } });
  });
});
