import { describe, expect, it } from 'vitest';
import { collected, type Collection, known } from '../../../domain/model/collection.ts';
import type { StorageAccount } from '../../../domain/model/storage-account.ts';
import { formerAppsOf, type FormerApps } from '../../../domain/remediation/former-apps.ts';
import { planDanglingExclusion } from '../../../domain/remediation/plan-dangling-exclusion.ts';
import { planForTenant } from '../../../domain/remediation/plan-for.ts';
import { planOrphanedExclusion } from '../../../domain/remediation/plan-orphaned-exclusion.ts';
import type { WireObject } from '../../../infra/estate-source.ts';
import { gap, guid, now } from '../build.ts';
import { contextOf, worldOf } from './apply-plan.ts';
import { callOf, made, taskOf, whyNone } from './planned.ts';
import { policyId, wireEstate, wirePolicy } from './wire-objects.ts';

const estate = wireEstate(['alpha', 'beta']);
const [alpha, beta] = estate.accounts as [StorageAccount, StorageAccount];
const [appOfAlpha, appOfBeta] = [guid(0x2000), guid(0x2001)];
const former = guid(0x6001);

interface Given {
  readonly exclude?: readonly string[];
  readonly applications?: WireObject;
  readonly policy?: WireObject;
  readonly formerApps?: FormerApps | null;
  readonly restorable?: ReadonlySet<string> | null;
  readonly storageAccounts?: Collection<StorageAccount>;
  readonly appIds?: readonly string[];
  readonly more?: readonly WireObject[];
}

function request({ exclude = [former], formerApps = () => [alpha.key], ...given }: Given = {}) {
  const world = worldOf({
    ...estate,
    servicePrincipals: [...estate.servicePrincipals, ...(given.more ?? [])],
    policies: [wirePolicy(given.policy, { excludeApplications: exclude, ...given.applications })],
  });
  return {
    policyId,
    appIds: given.appIds ?? [former],
    storageAccounts: given.storageAccounts ?? known(estate.accounts),
    formerApps,
    restorable: given.restorable === undefined ? new Set<string>() : given.restorable,
    directory: contextOf(world).directory,
  };
}

describe('The plan that replaces the exclusion of an app that is gone', () => {
  it('puts the present app of the account whose app it was in its place, whatever the case', () => {
    const planned = planDanglingExclusion(request({ exclude: [guid(1), former.toUpperCase(), appOfBeta] }));

    expect(made(planned)).toMatchObject({
      plan: {
        action: 'replace-dangling-exclusion',
        risk: 'weakens-security',
        target: { type: 'conditionalAccessPolicy', id: policyId },
      },
      accounts: [{ id: alpha.id, name: 'alpha' }],
    });
    expect(callOf(planned)).toMatchObject({
      method: 'PATCH',
      permission: 'Policy.ReadWrite.ConditionalAccess',
      before: { excludeApplications: [guid(1), former.toUpperCase(), appOfBeta] },
      after: { excludeApplications: [guid(1), appOfAlpha, appOfBeta] },
    });
  });

  it('puts it there once where two former apps of the account are excluded', () => {
    const older = guid(0x6003);
    const planned = planDanglingExclusion(request({ exclude: [older, former], appIds: [former, older] }));
    expect(callOf(planned).after).toEqual({ excludeApplications: [appOfAlpha] });
  });

  it.each<[string, Given]>([
    ['history names no account', { formerApps: () => [] }],
    ['history names two', { formerApps: () => [alpha.key, beta.key] }],
    ['the account has two apps now', { more: [{ ...estate.servicePrincipals[1], id: guid(0x50), appId: guid(0x51) }] }],
  ])('is a task for a person where %s', (_, given) => {
    for (const plan of [planDanglingExclusion, planOrphanedExclusion]) {
      const task = taskOf(plan(request(given)));
      expect(task.runbook).toBe('dangling-exclusion');
      expect(task.about.subject).toBe(`${policyId}:${former}`);
    }
  });

  it('is a task where the policy names the present app on purpose, or is not to be written', () => {
    const includeApplications = ['All', appOfAlpha];
    expect(taskOf(planDanglingExclusion(request({ applications: { includeApplications } }))).runbook).toBe(
      'dangling-exclusion',
    );
    const policy = { templateId: guid(9), displayName: 'Microsoft-managed: Block legacy authentication' };
    expect(taskOf(planDanglingExclusion(request({ policy }))).runbook).toBe('policy-by-hand');
  });

  it.each<[string, Given, RegExp]>([
    ['history was not read', { formerApps: null }, /history/],
    [
      'accounts were not read whole',
      { storageAccounts: collected(estate.accounts, [gap('storage-accounts')]) },
      /whole/,
    ],
    ['the app is in the tenant after all', { appIds: [appOfBeta], exclude: [appOfBeta] }, /in the tenant/],
    ['the policy does not exclude it any more', { exclude: [] }, /any more/],
    ['what is excluded is no app', { appIds: ['Office365'], exclude: ['Office365'] }, /no appId/],
    ['no exclusion is named', { appIds: [] }, /No exclusion/],
  ])('is none where %s', (_, given, why) => {
    for (const plan of [planDanglingExclusion, planOrphanedExclusion]) {
      expect(whyNone(plan(request(given)))).toMatch(why);
    }
  });
});

describe('The plan that removes the exclusion of an app that is gone', () => {
  it('takes it off and keeps the others in their order, where no account needs another in its place', () => {
    const exclude = [appOfBeta, former.toUpperCase(), appOfAlpha];
    const planned = planOrphanedExclusion(request({ exclude, formerApps: () => [] }));

    expect(made(planned)).toMatchObject({ plan: { action: 'remove-orphaned-exclusion', risk: 'safe' }, accounts: [] });
    expect(callOf(planned)).toMatchObject({
      before: { excludeApplications: exclude },
      after: { excludeApplications: [appOfBeta, appOfAlpha] },
      undo: { body: { conditions: { applications: { excludeApplications: exclude } } } },
    });
  });

  it('is made for the former app of an account that is gone, or whose present app is excluded already', () => {
    const gone = request({ exclude: [former, appOfAlpha, appOfBeta], formerApps: () => ['/subscriptions/gone'] });
    const excluded = request({ exclude: [former, appOfAlpha] });

    expect(callOf(planOrphanedExclusion(gone)).after).toEqual({ excludeApplications: [appOfAlpha, appOfBeta] });
    expect(callOf(planOrphanedExclusion(excluded)).after).toEqual({ excludeApplications: [appOfAlpha] });
  });

  it('leaves one that an account needs replaced to the other action', () => {
    const orphan = guid(0x6009);
    const formerApps: FormerApps = (appId) => (appId === former ? [alpha.key] : ['/subscriptions/gone']);
    const both = request({ exclude: [former, orphan], appIds: [orphan, former], formerApps });

    expect(made(planOrphanedExclusion(both))).toMatchObject({
      leftOut: [{ about: former, refusal: { kind: 'none' } }],
    });
    expect(callOf(planOrphanedExclusion(both)).after).toEqual({ excludeApplications: [former] });
    expect(callOf(planDanglingExclusion(both)).after).toEqual({ excludeApplications: [appOfAlpha, orphan] });
  });
});

describe('A finding of mfa-exclusion-not-orphaned', () => {
  const plan = (given: Given, subject = `${policyId}:${former}`) =>
    planForTenant({ ...request(given), rule: 'mfa-exclusion-not-orphaned', subject, title: '' });

  it('is mended by replacing where history tells the account, else by removing where nobody needs it', () => {
    expect(made(plan({})).plan.action).toBe('replace-dangling-exclusion');
    const spared = { exclude: [former, appOfAlpha, appOfBeta], formerApps: () => [] };
    expect(made(plan(spared)).plan.action).toBe('remove-orphaned-exclusion');
  });

  it('has no plan where it names a policy by its name', () => {
    expect(whyNone(plan({}, 'require-mfa'))).toMatch(/ids/);
  });
});

describe('What history tells of former apps', () => {
  const change = (key: string, before: string | readonly string[] | null, property = 'apps') => ({
    id: `${key}-${String(before)}`,
    key,
    part: 'directory' as const,
    at: now,
    since: now - 1,
    properties: [{ property, before, after: [] }],
    cause: { kind: 'nightly', id: 'r', actor: { kind: 'unknown', objectId: null } } as const,
    attribution: { kind: 'unknown' } as never,
    objectIds: [],
  });

  it('is whose only app each was', () => {
    const formerApps = formerAppsOf([change('/a', [former]), change('/b', [guid(5)]), change('/b', [former])]);
    expect(formerApps(former.toUpperCase())).toEqual(['/a', '/b']);
    expect(formerApps(guid(5))).toEqual(['/b']);
    expect(formerApps(guid(6))).toEqual([]);
  });

  it('leaves out an app that shared its account with another, and facts that are no list of apps', () => {
    const formerApps = formerAppsOf([
      change('/a', [former, guid(5)]),
      change('/b', []),
      change('/c', null),
      change('/d', [former], 'tags'),
    ]);
    expect(formerApps(former)).toEqual([]);
  });
});
