import { describe, expect, it } from 'vitest';
import { forecast, type Forecast } from '../../../domain/audit/preflight.ts';
import { preflightApps, type PreflightApps } from '../../../domain/audit/preflight-apps.ts';
import { exclusionChange } from '../../../domain/conditional-access/exclusion-change.ts';
import { collected, known, unavailable, type Collection } from '../../../domain/model/collection.ts';
import type { ConditionalAccessPolicy } from '../../../domain/model/conditional-access-policy.ts';
import type { Application, ServicePrincipal } from '../../../domain/model/directory.ts';
import type { RuleSettings, Settings } from '../../../domain/model/settings.ts';
import type { StorageAccount } from '../../../domain/model/storage-account.ts';
import { applications, controls, directory, gap, guid, policy, settings, users } from '../build.ts';
import { kerberosAccount, storageAppOf } from '../estate.ts';

const names = ['alpha', 'beta', 'gamma'];
const appIdOf = (name: string) => storageAppOf(name, names.indexOf(name)).application.appId;

interface Lists {
  readonly accounts?: Collection<StorageAccount>;
  readonly applications?: Collection<Application>;
  readonly servicePrincipals?: Collection<ServicePrincipal>;
  readonly settings?: Settings;
}

/** Three Entra Kerberos accounts with their apps, but for what is given. */
function estate(lists: Lists = {}): PreflightApps {
  const apps = names.map((name, number) => storageAppOf(name, number));
  const { facts } = directory({
    applications: lists.applications ?? known(apps.map(({ application }) => application)),
    servicePrincipals: lists.servicePrincipals ?? known(apps.map(({ principal }) => principal)),
  });
  const accounts = lists.accounts ?? known(names.map((name) => kerberosAccount(name)));
  return preflightApps(facts, accounts, lists.settings ?? settings());
}

function told(
  over: Partial<ConditionalAccessPolicy> = {},
  apps: PreflightApps | null = null,
  set = settings(),
): Forecast {
  return forecast(policy(over), apps, set);
}

const mfa = controls({ builtInControls: ['mfa'] });
const block = controls({ builtInControls: ['block'] });

describe('the word for a policy, by the table of the design', () => {
  it.each<[string, Partial<ConditionalAccessPolicy>, string, string | null]>([
    ['MFA for all users', {}, 'requires-mfa', 'critical'],
    ['MFA for groups', { users: users({ includeGroups: [guid(1)] }) }, 'may-require-mfa', 'high'],
    ['MFA for named users', { users: users({ includeUsers: [guid(1)] }) }, 'may-require-mfa', 'high'],
    ['MFA for roles', { users: users({ includeRoles: [guid(1)] }) }, 'may-require-mfa', 'medium'],
    ['MFA somewhere', { locations: { include: ['All'], exclude: ['AllTrusted'] } }, 'may-require-mfa', 'medium'],
    [
      'MFA or a managed device',
      { grantControls: controls({ builtInControls: ['mfa', 'compliantDevice'] }) },
      'may-require-mfa',
      'medium',
    ],
    ['terms of use', { grantControls: controls({ termsOfUse: [guid(1)] }) }, 'may-require-mfa', 'medium'],
    ['MFA for guests', { users: users({ includesGuests: true }) }, 'may-require-mfa', 'low'],
    ['MFA for other clients', { clientAppTypes: ['other'] }, 'may-require-mfa', 'low'],
    ['a block of all users', { grantControls: block }, 'blocks', 'critical'],
    ['a block at risk', { grantControls: block, signInRiskLevels: ['high'] }, 'may-block', 'medium'],
    ['a condition that is not known', { unreadConditions: ['times'] }, 'undecided', 'critical'],
    ['a control that is not known', { grantControls: controls({ builtInControls: ['x'] }) }, 'undecided', 'critical'],
    ['a managed device', { grantControls: controls({ builtInControls: ['compliantDevice'] }) }, 'none', null],
    ['nothing', { grantControls: null }, 'none', null],
    ['Office 365', { applications: applications({ include: ['Office365'] }) }, 'none', null],
    ['browsers', { clientAppTypes: ['browser'] }, 'none', null],
  ])('%s', (_what, over, word, severity) => {
    expect(told(over)).toMatchObject({ effectIfEnabled: word, effect: word, severity, accounts: [], gaps: [] });
  });

  it('names the rows that decided, in their order', () => {
    expect(told().reasons).toEqual([
      'row 7: all resources',
      'row 13: all users',
      'row 16: all clients',
      'row 26: demands MFA',
    ]);
  });
});

describe('a policy as it stands', () => {
  const reportOnly = 'enabledForReportingButNotEnforced';

  it.each<[string, string]>([
    ['enabled', 'requires-mfa'],
    [reportOnly, 'latent'],
    ['disabled', 'none'],
    ['paused', 'undecided'],
  ])('in state %s does %s, and weighs what it would weigh if enabled', (state, effect) => {
    expect(told({ state })).toMatchObject({ effectIfEnabled: 'requires-mfa', effect, severity: 'critical' });
  });

  it.each(['enabled', reportOnly, 'disabled', 'paused'])('in state %s does nothing where it never would', (state) => {
    expect(told({ state, grantControls: null })).toMatchObject({
      effectIfEnabled: 'none',
      effect: 'none',
      severity: null,
      reasons: ['row 24: demands nothing'],
    });
  });

  it('says what its state means', () => {
    expect(told({ state: 'disabled' }).reasons).toContain('disabled: it does nothing until somebody enables it');
    expect(told({ state: reportOnly }).reasons).toContain('report-only: it enforces nothing yet');
    expect(told({ state: 'paused' }).reasons.join()).toContain('‹paused› is not known');
    const managed = { state: reportOnly, templateId: guid(9), displayName: 'Microsoft-managed: MFA' };
    expect(told(managed).reasons.join()).toContain('switches such policies on without asking');
  });
});

describe('settings', () => {
  const rules = (over: Record<string, Partial<RuleSettings>>) =>
    settings({
      rules: Object.fromEntries(
        Object.entries(over).map(([id, rule]) => [id, { enabled: true, severity: null, thresholds: {}, ...rule }]),
      ),
    });

  it('replace the severity of what would fail, and of what cannot be decided', () => {
    const low = rules({ 'mfa-excluded': { severity: 'low' } });

    expect(told({}, null, low).severity).toBe('low');
    expect(told({ unreadConditions: ['times'] }, null, low).severity).toBe('low');
    expect(told({ grantControls: block }, null, low).severity).toBe('critical');
  });

  it('leave a lesser severity as it is', () => {
    const high = rules({ 'mfa-excluded': { severity: 'high' } });

    expect(told({ users: users({ includesGuests: true }) }, null, high).severity).toBe('low');
  });

  it('that switch a rule off take the severity away, and the reasons say so', () => {
    const off = rules({ 'conditional-access-not-blocking': { enabled: false } });

    const blocking = told({ grantControls: block }, null, off);

    expect(blocking).toMatchObject({ effectIfEnabled: 'blocks', severity: null });
    expect(blocking.reasons).toContain('settings switch conditional-access-not-blocking off, so this does not count');
    expect(told({}, null, off).severity).toBe('critical');
  });

  it('leave what may be either to the rule that is on', () => {
    const either = { grantControls: controls({ builtInControls: ['x'] }) };

    const severity = (id: string) => told(either, null, rules({ [id]: { enabled: false } })).severity;

    expect([severity('mfa-excluded'), severity('conditional-access-not-blocking')]).toEqual(['critical', 'critical']);
  });

  it('keep accounts out of scope', () => {
    const set = settings({ scope: { managementGroups: [], subscriptions: [], exclude: [{ name: 'beta' }] } });

    expect(told({}, estate({ settings: set })).accounts).toEqual(['alpha', 'gamma']);
  });
});

describe('the storage apps of a snapshot', () => {
  it('are all affected by a policy for all resources', () => {
    expect(told({}, estate())).toMatchObject({
      effectIfEnabled: 'requires-mfa',
      severity: 'critical',
      accounts: ['alpha', 'beta', 'gamma'],
      gaps: [],
    });
  });

  it('are spared where the policy excludes them, in any case', () => {
    const exclude = [appIdOf('beta').toUpperCase()];

    const result = told({ applications: applications({ include: ['All'], exclude }) }, estate());

    expect(result).toMatchObject({ effectIfEnabled: 'requires-mfa', accounts: ['alpha', 'gamma'] });
    expect(result.reasons).toContain('it leaves out the storage app of beta');
    expect(result.reasons).toContain(`exclude by appId: ${appIdOf('alpha')} (alpha), ${appIdOf('gamma')} (gamma)`);
    expect(result.reasons.join()).toContain(exclusionChange.note);
  });

  it('are all spared by a policy that excludes each', () => {
    const exclude = names.map(appIdOf);

    expect(told({ applications: applications({ include: ['All'], exclude }) }, estate())).toMatchObject({
      effectIfEnabled: 'none',
      severity: null,
      accounts: [],
    });
  });

  it('are affected where a policy lists them', () => {
    const listing = { applications: applications({ include: [appIdOf('gamma'), guid(0x999)] }) };

    const result = told(listing, estate());

    expect(result).toMatchObject({ effectIfEnabled: 'requires-mfa', accounts: ['gamma'] });
    expect(result.reasons).toContain('it names the storage app of gamma: somebody meant that');
    expect(result.reasons).toContain('row 8: names the app');
  });

  it('show that an exclusion by object id does nothing', () => {
    const { principal } = storageAppOf('alpha', 0);

    const result = told({ applications: applications({ include: ['All'], exclude: [principal.id] }) }, estate());

    expect(result.accounts).toContain('alpha');
    expect(result.reasons.join()).toContain('it excludes alpha by an object id, which does nothing');
  });

  it('leave undecided whose security attributes were not read, and name the permission', () => {
    const apps = names.map((name, number) => storageAppOf(name, number));
    const unread = apps.map(({ principal }) => ({ ...principal, securityAttributes: null }));
    const rule = 'CustomSecurityAttribute.Files_Kind -eq "profiles"';
    const filtered = { applications: applications({ include: ['All'], filter: { mode: 'exclude', rule } }) };

    expect(told(filtered, estate({ servicePrincipals: known(unread) }))).toMatchObject({
      effectIfEnabled: 'undecided',
      severity: 'critical',
      gaps: [{ collection: 'service-principals', needs: 'CustomSecAttributeAssignment.Read.All' }],
    });
    expect(told(filtered, estate())).toMatchObject({ effectIfEnabled: 'requires-mfa', gaps: [] });
  });

  it('may be concerned by a policy that is not decided, which is no reason yet to exclude them', () => {
    const { reasons } = told({ unreadConditions: ['times'] }, estate());

    expect(reasons.join('\n')).toContain(`may concern, by appId: ${appIdOf('alpha')} (alpha), `);
    expect(reasons.join('\n')).not.toContain('exclude by appId');
  });

  it('are an ordinary one where no account has any', () => {
    const none = estate({ applications: known([]), servicePrincipals: known([]) });

    const result = told({}, none);

    expect(result).toMatchObject({ effectIfEnabled: 'requires-mfa', accounts: [] });
    expect(result.reasons.join()).toContain('judged for an ordinary one');
  });

  it('are those of the directory alone: an account of another tenant is none of the policy', () => {
    const accounts = known(names.map((name) => ({ ...kerberosAccount(name), tenantId: guid(0x77) })));

    expect(estate({ accounts })).toMatchObject({ apps: [], unseen: [], foreign: names });
  });

  it.each([
    ['kind', { kind: 'BlobStorage' }],
    ['identity source', { directoryService: 'AD' }],
  ])('are not those of accounts of another %s', (_what, over) => {
    expect(estate({ accounts: known([{ ...kerberosAccount('alpha'), ...over }]) }).apps).toEqual([]);
  });

  it('may be that of an account whose identity source is not known', () => {
    const accounts = known([{ ...kerberosAccount('alpha'), directoryService: 'NewKerberos' }]);

    expect(estate({ accounts }).apps.map(({ account }) => account)).toEqual(['alpha']);
  });
});

describe('a snapshot that cannot tell the apps', () => {
  const unread = estate({
    servicePrincipals: unavailable(gap('service-principals')),
    applications: unavailable(gap('applications')),
  });
  const excluding = { applications: applications({ include: ['All'], exclude: [guid(0x999)] }) };

  it('has the gaps of what was not read', () => {
    expect(unread.gaps.map(({ collection }) => collection)).toEqual(['applications', 'service-principals']);
    expect(unread.unseen).toEqual(names);
  });

  it('still decides a policy that treats all apps alike', () => {
    expect(told({}, unread)).toMatchObject({ effectIfEnabled: 'requires-mfa', accounts: names });
    expect(told({ grantControls: null }, unread)).toMatchObject({ effectIfEnabled: 'none', accounts: [] });
  });

  it.each([
    ['excludes', excluding],
    ['lists', { applications: applications({ include: [guid(0x999)] }) }],
  ])('leaves a policy undecided that %s apps: one may be the storage app', (_what, over) => {
    const result = told(over, unread);

    expect(result).toMatchObject({ effectIfEnabled: 'undecided', severity: 'critical', accounts: names });
    expect(result.reasons.join()).toContain('which one is the storage app was not read: alpha, beta, gamma');
  });

  it('decides by what was seen, and leaves the rest open', () => {
    const apps = [storageAppOf('alpha', 0)];
    const partial = estate({
      applications: collected(
        apps.map(({ application }) => application),
        [gap('applications')],
      ),
      servicePrincipals: collected(
        apps.map(({ principal }) => principal),
        [gap('service-principals')],
      ),
    });
    const exclude = [appIdOf('alpha')];

    expect(told(excluding, partial)).toMatchObject({ effectIfEnabled: 'requires-mfa', accounts: names });
    expect(told({ applications: applications({ include: ['All'], exclude }) }, partial)).toMatchObject({
      effectIfEnabled: 'undecided',
      accounts: ['beta', 'gamma'],
    });
  });

  it('leaves open what accounts that were not seen would add', () => {
    const accounts = collected([kerberosAccount('alpha')], [gap('storage-accounts')]);
    const exclude = [appIdOf('alpha')];

    const result = told({ applications: applications({ include: ['All'], exclude }) }, estate({ accounts }));

    expect(result).toMatchObject({ effectIfEnabled: 'undecided', accounts: [] });
    expect(result.reasons.join()).toContain('not all storage accounts were read');
    expect(told({ clientAppTypes: ['browser'] }, estate({ accounts })).effectIfEnabled).toBe('none');
  });

  describe('where the directory was read whole and not all storage accounts', () => {
    const accounts = collected([kerberosAccount('alpha')], [gap('storage-accounts')]);
    const [first, ...others] = names.map((name, number) => storageAppOf(name, number));
    if (first === undefined) throw new Error('There are no storage apps');
    const wiki: Pick<ReturnType<typeof storageAppOf>, 'application' | 'principal'> = {
      application: {
        ...first.application,
        id: guid(0x51),
        appId: guid(0x999),
        displayName: 'Wiki',
        identifierUris: [],
      },
      principal: {
        ...first.principal,
        id: guid(0x52),
        appId: guid(0x999),
        displayName: 'Wiki',
        servicePrincipalNames: [guid(0x999), 'https://wiki.contoso.com'],
      },
    };
    const withWiki = (over: Partial<typeof wiki> = {}, lists: Lists = {}) => {
      const all = [first, ...others, { ...wiki, ...over }];
      return estate({
        accounts,
        applications: known(all.map(({ application }) => application)),
        servicePrincipals: known(all.map(({ principal }) => principal)),
        ...lists,
      });
    };
    const naming = (appId: string) => ({ applications: applications({ include: [appId.toUpperCase()] }) });

    it('a policy that names another app is decided: no storage app is meant', () => {
      expect(told(naming(wiki.application.appId), withWiki())).toMatchObject({
        effectIfEnabled: 'none',
        severity: null,
        accounts: [],
      });
    });

    it('so is one that names an app which is not in the directory, and one that excludes another app', () => {
      const excluding = { applications: applications({ include: ['All'], exclude: [wiki.application.appId] }) };

      expect(told(naming(guid(0x998)), withWiki()).effectIfEnabled).toBe('none');
      expect(told(excluding, withWiki()).effectIfEnabled).toBe('requires-mfa');
    });

    it.each<[string, Partial<typeof wiki>]>([
      ['its names', { principal: { ...wiki.principal, servicePrincipalNames: ['CIFS/Hidden.file.core.windows.net'] } }],
      [
        'its identifier URIs',
        { application: { ...wiki.application, identifierUris: ['api://x/HTTP/hidden.file.core.windows.net'] } },
      ],
      [
        'the title of the principal',
        { principal: { ...wiki.principal, displayName: '[Storage Account] hidden.file.core.windows.net' } },
      ],
      ['a title as the manual preview gave it', { application: { ...wiki.application, displayName: 'hidden' } }],
    ])('one that names an app which claims a file host by %s stays undecided', (_what, over) => {
      expect(told(naming(wiki.application.appId), withWiki(over)).effectIfEnabled).toBe('undecided');
    });

    it.each<[string, Lists]>([
      ['applications', { applications: collected([], [gap('applications')]) }],
      ['service principals', { servicePrincipals: unavailable(gap('service-principals')) }],
    ])('one that names an app which was not seen among all %s stays undecided', (_what, lists) => {
      expect(told(naming(wiki.application.appId), withWiki({}, lists)).effectIfEnabled).toBe('undecided');
    });
  });

  it('doubts an app that was found by its display name alone', () => {
    const { application } = storageAppOf('alpha', 0);
    const doubtful = estate({
      accounts: known([kerberosAccount('alpha')]),
      applications: known([{ ...application, identifierUris: [] }]),
      servicePrincipals: unavailable(gap('service-principals')),
    });
    const exclude = [application.appId];

    expect(told({ applications: applications({ include: ['All'], exclude }) }, doubtful).effectIfEnabled).toBe(
      'undecided',
    );
  });
});

describe('without a snapshot', () => {
  const reasons = (over: Partial<ConditionalAccessPolicy>) => told(over).reasons.join('\n');

  it('says what a snapshot would tell of apps that the policy names', () => {
    expect(reasons({ applications: applications({ include: [guid(1), guid(2)] }) })).toContain(
      'it names 2 apps by appId; --snapshot DIR tells whether a storage app is among them',
    );
    expect(reasons({ applications: applications({ include: ['All'], exclude: [guid(1)] }) })).toContain(
      'it excludes 1 app by appId; --snapshot DIR tells which storage apps are not among them',
    );
  });

  it('cannot decide an application filter', () => {
    const rule = 'CustomSecurityAttribute.Files_Kind -eq "profiles"';
    const filtered = told({ applications: applications({ filter: { mode: 'include', rule } }) });

    expect(filtered).toMatchObject({ effectIfEnabled: 'undecided', gaps: [] });
    expect(filtered.reasons).toContain('--snapshot DIR decides it where the snapshot holds those attributes');
  });

  it('speaks of the change of June 2026 only where a policy for all resources excludes some', () => {
    const changed = (over: Partial<ConditionalAccessPolicy>) => reasons(over).includes(exclusionChange.note);
    const excluding = applications({ include: ['All'], exclude: [guid(1)] });

    expect(changed({ applications: excluding })).toBe(true);
    expect(changed({})).toBe(false);
    expect(changed({ applications: applications({ include: [guid(2)], exclude: [guid(1)] }) })).toBe(false);
    expect(changed({ applications: excluding, grantControls: null })).toBe(false);
  });

  it('notes that a new sign-in is asked for every time', () => {
    expect(reasons({ grantControls: mfa, signInFrequency: 'everyTime' })).toContain(
      'row 24: it asks for a new sign-in',
    );
  });
});
