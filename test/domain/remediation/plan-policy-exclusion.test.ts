import { describe, expect, it } from 'vitest';
import { collected, itemsOf, unavailable } from '../../../domain/model/collection.ts';
import type { DirectoryFacts } from '../../../domain/model/facts.ts';
import type { StorageAccount } from '../../../domain/model/storage-account.ts';
import { planPolicyExclusion, policiesThatBreak } from '../../../domain/remediation/plan-policy-exclusion.ts';
import type { Planned } from '../../../domain/remediation/planned.ts';
import { indexDirectory, type Directory } from '../../../domain/rules/directory.ts';
import type { WireObject } from '../../../infra/estate-source.ts';
import { gap, guid } from '../build.ts';
import { contextOf, worldOf } from './apply-plan.ts';
import { callOf, made, taskOf, whyNone } from './planned.ts';
import { policyId, wireEstate, wirePolicy } from './wire-objects.ts';

const estate = wireEstate(['alpha', 'beta', 'gamma']);
const [alpha, beta, gamma] = estate.accounts as [StorageAccount, StorageAccount, StorageAccount];
/** As `storageAppOf` numbers them. */
const [appOfAlpha, appOfBeta, appOfGamma] = [guid(0x2000), guid(0x2001), guid(0x2002)];

function directoryWith(
  policies: readonly WireObject[],
  change: (facts: DirectoryFacts) => Partial<DirectoryFacts> = () => ({}),
): Directory {
  const { directory } = contextOf(worldOf({ ...estate, policies }));
  return indexDirectory({ ...directory.facts, ...change(directory.facts) });
}

function plan(policy: WireObject, accounts: readonly StorageAccount[] = [alpha, beta]): Planned {
  return planPolicyExclusion({ policyId, accounts, directory: directoryWith([policy]) });
}

describe('The plan that excludes apps from a policy', () => {
  const url = `/v1.0/identity/conditionalAccess/policies/${policyId}`;
  const old = [guid(0x99), guid(0x11).toUpperCase()];

  it('is one call for all accounts that the policy breaks: the whole section, the old exclusions first and in their order', () => {
    const planned = plan(wirePolicy({}, { excludeApplications: old }), [beta, alpha, beta]);
    const section = {
      includeApplications: ['All'],
      includeUserActions: [],
      includeAuthenticationContextClassReferences: [],
    };
    const excluded = [...old, appOfAlpha, appOfBeta];

    expect(made(planned)).toMatchObject({
      plan: {
        action: 'exclude-app-from-policy',
        risk: 'weakens-security',
        target: { type: 'conditionalAccessPolicy', id: policyId, name: 'Require MFA for all users' },
      },
      accounts: [{ id: alpha.id, name: 'alpha' }, { id: beta.id }],
      leftOut: [],
    });
    expect(callOf(planned)).toEqual({
      method: 'PATCH',
      url,
      body: { conditions: { applications: { ...section, excludeApplications: excluded } } },
      permission: 'Policy.ReadWrite.ConditionalAccess',
      reads: {
        url: `${url}?$select=id,displayName,state,modifiedDateTime,conditions`,
        expect: {
          '/displayName': 'Require MFA for all users',
          '/state': 'enabled',
          '/modifiedDateTime': '2026-03-04T05:06:07.1234567Z',
          '/conditions/applications/applicationFilter': null,
          '/conditions/applications/includeApplications': ['All'],
          '/conditions/applications/excludeApplications': old,
          '/conditions/applications/includeUserActions': [],
          '/conditions/applications/includeAuthenticationContextClassReferences': [],
        },
        afterwards: {
          '/displayName': 'Require MFA for all users',
          '/state': 'enabled',
          '/conditions/applications/applicationFilter': null,
          '/conditions/applications/includeApplications': ['All'],
          '/conditions/applications/excludeApplications': excluded,
          '/conditions/applications/includeUserActions': [],
          '/conditions/applications/includeAuthenticationContextClassReferences': [],
        },
      },
      undo: {
        method: 'PATCH',
        url,
        body: { conditions: { applications: { ...section, excludeApplications: old } } },
      },
      before: { excludeApplications: old },
      after: { excludeApplications: excluded },
    });
  });

  it('is the same whatever order the accounts come in', () => {
    const policy = wirePolicy();
    expect(plan(policy, [gamma, alpha, beta])).toEqual(plan(policy, [beta, gamma, alpha]));
  });

  it('sends no list that the service did not show, but for the one it writes', () => {
    const policy = wirePolicy({}, { excludeApplications: undefined, includeUserActions: null });
    const { body, reads, undo } = callOf(plan(policy, [alpha]));
    const rest = { includeApplications: ['All'], includeAuthenticationContextClassReferences: [] };

    expect(body).toEqual({ conditions: { applications: { ...rest, excludeApplications: [appOfAlpha] } } });
    expect(undo.body).toEqual({ conditions: { applications: { ...rest, excludeApplications: [] } } });
    expect(reads.expect).toMatchObject({
      '/conditions/applications/excludeApplications': null,
      '/conditions/applications/includeUserActions': null,
    });
  });

  it('expects a policy that was never edited to be so still', () => {
    expect(callOf(plan(wirePolicy({ modifiedDateTime: null }))).reads.expect['/modifiedDateTime']).toBeNull();
  });

  it('leaves out an account whose app is excluded already, or is not beyond doubt, and says why', () => {
    const rival = { ...estate.servicePrincipals[3], id: guid(0x40), appId: guid(0x41) };
    const { directory } = contextOf(
      worldOf({
        ...estate,
        servicePrincipals: [...estate.servicePrincipals, rival],
        policies: [wirePolicy({}, { excludeApplications: [appOfBeta.toUpperCase()] })],
      }),
    );
    const {
      plan: planned,
      accounts,
      leftOut,
    } = made(planPolicyExclusion({ policyId, accounts: estate.accounts, directory }));

    expect(planned.calls[0]?.after).toEqual({ excludeApplications: [appOfBeta.toUpperCase(), appOfAlpha] });
    expect(accounts.map(({ name }) => name)).toEqual(['alpha']);
    expect(leftOut.map(({ about, refusal }) => [about, refusal.kind]).sort()).toEqual(
      [
        [beta.key, 'none'],
        [gamma.key, 'manual'],
      ].sort(),
    );
  });

  it.each<[string, WireObject, WireObject]>([
    [
      'Microsoft manages it',
      { templateId: guid(9), displayName: 'Microsoft-managed: Multifactor authentication for all users' },
      {},
    ],
    ['it names one of the apps on purpose', {}, { includeApplications: ['All', appOfBeta.toUpperCase()] }],
    [
      'an application filter decides',
      {},
      { applicationFilter: { mode: 'exclude', rule: 'CustomSecurityAttribute.A_B -eq "c"' } },
    ],
    [
      'it holds a condition that is not known',
      { conditions: { ...(wirePolicy()['conditions'] as object), times: { all: true } } },
      {},
    ],
    ['its section holds a member that is not known', {}, { includeGalaxies: ['Andromeda'] }],
    ['it selects network access', {}, { globalSecureAccess: { on: true } }],
  ])('is a task for a person where %s', (_, over, applications) => {
    const task = taskOf(plan(wirePolicy(over, applications)));

    expect(task.runbook).toBe('policy-by-hand');
    expect(task.about.subject).toBe(policyId);
    expect(JSON.stringify(task.steps)).toContain(appOfAlpha);
  });

  it.each<[string, WireObject, WireObject, RegExp]>([
    ['only reports', { state: 'enabledForReportingButNotEnforced' }, {}, /not provably/],
    ['is in a state that is not known', { state: 'enabledOnTuesdays' }, {}, /not provably/],
    ['is disabled', { state: 'disabled' }, {}, /disabled/],
    ['is for apps of another kind', {}, { includeApplications: ['Office365'] }, /not provably/],
    ['is for apps under a keyword that is not known', {}, { includeApplications: ['Office3650'] }, /not provably/],
    ['holds an exclusion that is not known', {}, { excludeApplications: ['AllStorage'] }, /not provably/],
    [
      'asks for a control that is not known',
      { grantControls: { operator: 'OR', builtInControls: ['hum'] } },
      {},
      /not provably/,
    ],
    [
      'asks for MFA in some places only',
      { conditions: { ...(wirePolicy()['conditions'] as object), locations: { includeLocations: [guid(4)] } } },
      {},
      /not provably/,
    ],
    ['came without the time of its last edit', { modifiedDateTime: undefined }, {}, /read it again/],
    ['excludes them already', {}, { excludeApplications: [appOfAlpha, appOfBeta] }, /not provably/],
  ])('is none for a policy that %s', (_, over, applications, why) => {
    expect(whyNone(plan(wirePolicy(over, applications)))).toMatch(why);
  });

  it.each<[string, (facts: DirectoryFacts) => Partial<DirectoryFacts>]>([
    [
      'policies',
      ({ conditionalAccessPolicies: list }) => ({
        conditionalAccessPolicies: collected(itemsOf(list), [gap('conditional-access-policies')]),
      }),
    ],
    ['policies, none of them,', () => ({ conditionalAccessPolicies: unavailable(gap('conditional-access-policies')) })],
    ['applications', ({ applications: list }) => ({ applications: collected(itemsOf(list), [gap('applications')]) })],
    [
      'principals',
      ({ servicePrincipals: list }) => ({ servicePrincipals: collected(itemsOf(list), [gap('service-principals')]) }),
    ],
  ])('is none where %s were not read whole', (_, change) => {
    const directory = directoryWith([wirePolicy()], change);
    expect(whyNone(planPolicyExclusion({ policyId, accounts: [alpha], directory }))).toMatch(/whole/);
  });

  it('is none for a policy that is gone, or for no account', () => {
    expect(whyNone(planPolicyExclusion({ policyId, accounts: [alpha], directory: directoryWith([]) }))).toMatch(/seen/);
    expect(plan(wirePolicy(), []).kind).toBe('none');
  });

  it('is asked for by the policies that make a rule fail, each once', () => {
    const blocks = { operator: 'OR', builtInControls: ['block'] };
    const directory = directoryWith([
      wirePolicy({ id: guid(0x103), grantControls: blocks }),
      wirePolicy(),
      wirePolicy({ id: guid(0x102), state: 'enabledForReportingButNotEnforced' }),
      wirePolicy({ id: guid(0x104) }, { excludeApplications: [appOfAlpha] }),
    ]);
    expect(policiesThatBreak(alpha, directory)).toEqual([policyId, guid(0x103)]);
    expect(policiesThatBreak(gamma, directory)).toEqual([policyId, guid(0x103), guid(0x104)]);
    expect(made(planPolicyExclusion({ policyId, accounts: [gamma], directory })).plan.calls[0]?.after).toEqual({
      excludeApplications: [appOfGamma],
    });
  });
});
