import { describe, expect, it } from 'vitest';
import { type Access, missingPermissions } from '../../../cli/report/missing-permissions.ts';
import type { AuditedRule } from '../../../domain/audit/audit-estate.ts';
import type { CollectionName, Gap, GapReason } from '../../../domain/model/collection.ts';
import type { Outcome } from '../../../domain/model/verdict.ts';
import { rules } from '../../../domain/rules/index.ts';
import { commandLineToolsClientId } from '../../../infra/azure/identity/person-sign-in.ts';

const az: Access = { source: 'live', graph: { method: 'az', clientId: null } };

function gap(collection: CollectionName, reason: GapReason = 'forbidden', scope = 'tenant'): Gap {
  return { collection, scope, reason, needs: null };
}

/** What a rule said of some account, for want of what `gaps` name. */
function result(id: string, gaps: readonly Gap[], outcome: Outcome = 'unknown'): AuditedRule {
  const rule = rules.find((known) => known.id === id);
  if (rule === undefined) throw new Error(`There is no rule ${id}`);
  const verdict = { outcome, severity: rule.severity, title: '', evidence: {}, deciders: [], gaps } as const;
  return { id: `account/${id}`, rule, account: null, subject: null, verdict };
}

describe('a permission of Microsoft Graph that was missing', () => {
  const policies = gap('conditional-access-policies');
  const audited = { gaps: [policies], results: [result('mfa-excluded', [policies])] };

  it.each<[string, Access, string]>([
    [
      'with az',
      az,
      'Sign in at a terminal, or with a client that has it in KERBWATCH_CLIENT_ID; see `kerbwatch permissions`.',
    ],
    [
      "with Microsoft's client",
      { source: 'live', graph: { method: 'device code', clientId: commandLineToolsClientId } },
      'Ask for a directory role that may read it, such as Global Reader.',
    ],
    [
      'with a client of their own',
      { source: 'live', graph: { method: 'browser', clientId: 'c1' } },
      'Ask an administrator to consent to it for client c1; see `kerbwatch permissions`.',
    ],
    ['with a token that was given', { source: 'live', graph: null }, 'Use a token that has it.'],
    ['when the snapshot was taken', { source: 'snapshot' }, 'Take the snapshot again with a sign-in that has it.'],
  ])('to a person who signed in %s is told with its rules and the one thing that mends it', (_, access, mend) => {
    expect(missingPermissions(audited, access)).toEqual([
      `Policy.Read.All is missing: mfa-excluded stays unknown. ${mend}`,
    ]);
  });

  it('is told once for all that it would read, with every rule it leaves unknown, sorted', () => {
    const defaults = gap('security-defaults');
    const both = {
      gaps: [policies, defaults],
      results: [
        result('storage-app-present', [defaults]),
        result('mfa-excluded', [policies]),
        result('mfa-excluded', [policies]),
        result('consent-granted', [policies]),
      ],
    };

    expect(missingPermissions(both, az)).toEqual([
      expect.stringContaining(
        'Policy.Read.All is missing: consent-granted, mfa-excluded and storage-app-present stay unknown.',
      ),
    ]);
  });

  it('names every rule that needs it and stayed unknown, though another gap alone was why: mending one shows the next', () => {
    const [apps, grants] = [gap('service-principals'), gap('oauth2-permission-grants')];
    const results = [result('mfa-excluded', [apps]), result('consent-granted', [apps])];

    expect(missingPermissions({ gaps: [policies, grants, apps], results }, az)).toEqual([
      expect.stringContaining('Policy.Read.All is missing: mfa-excluded stays unknown.'),
      expect.stringContaining('Directory.Read.All is missing: consent-granted stays unknown.'),
      expect.stringContaining('Application.Read.All is missing: consent-granted and mfa-excluded stay unknown.'),
    ]);
  });

  it('leaves out rules that do not need it, or that decided all the same', () => {
    const results = [
      result('consent-granted', [gap('oauth2-permission-grants', 'throttled')]),
      result('sp-password-expiry', []),
      result('mfa-excluded', [policies], 'fail'),
    ];

    expect(missingPermissions({ gaps: [policies], results }, az)).toEqual([
      expect.stringContaining('Policy.Read.All is missing: no verdict waits for it, yet the audit is not complete.'),
    ]);
  });

  it('after a token that was not accepted is mended by signing in again', () => {
    const refused = gap('applications', 'unauthorized');

    expect(missingPermissions({ gaps: [refused], results: [result('storage-app-present', [refused])] }, az)).toEqual([
      'Application.Read.All is missing: storage-app-present stays unknown. Sign in again: the token was not accepted.',
    ]);
  });

  it('is none where something else failed, or nobody asked', () => {
    const gaps = (['throttled', 'not-read', 'malformed', 'unreachable', 'server-error', 'truncated'] as const).map(
      (reason) => gap('applications', reason),
    );

    expect(missingPermissions({ gaps, results: [] }, az)).toEqual([]);
    expect(missingPermissions({ gaps: [gap('cloud-trusts')], results: [] }, az)).toEqual([]);
  });
});

describe("another tenant's account among those of this one", () => {
  const account = '/subscriptions/s1/resourcegroups/rg/providers/microsoft.storage/storageaccounts/files';
  const elsewhere = gap('conditional-access-policies', 'not-visible', account);

  it('calls for no permission, which would not show its directory', () => {
    expect(missingPermissions({ gaps: [elsewhere], results: [result('mfa-excluded', [elsewhere])] }, az)).toEqual([]);
  });

  it('is no reason why a missing permission leaves a rule unknown', () => {
    const refused = gap('conditional-access-policies');

    expect(
      missingPermissions({ gaps: [elsewhere, refused], results: [result('mfa-excluded', [elsewhere])] }, az),
    ).toEqual([expect.stringContaining('Policy.Read.All is missing: no verdict waits for it')]);
  });

  it('adds no rule to those that a missing permission leaves unknown', () => {
    const refused = gap('conditional-access-policies');
    const results = [result('mfa-excluded', [refused]), result('consent-granted', [elsewhere])];

    expect(missingPermissions({ gaps: [elsewhere, refused], results }, az)).toEqual([
      expect.stringContaining('Policy.Read.All is missing: mfa-excluded stays unknown.'),
    ]);
  });
});

describe('a role of Azure that was missing', () => {
  const unseen = [1, 2, 3, 4, 5].map((n) => gap('storage-accounts', 'not-visible', `/subscriptions/s${n}`));
  const services = (n: number) => gap('file-services', 'forbidden', `/subscriptions/s${n}`);
  const readServices = 'Microsoft.Storage/storageAccounts/fileServices/read';

  it('names where, and that the accounts there are not judged', () => {
    expect(missingPermissions({ gaps: unseen.slice(0, 1), results: [] }, az)).toEqual([
      'Reader on /subscriptions/s1 is missing: accounts there are not judged at all. Ask for the role Reader there.',
    ]);
  });

  it('is told once for all that it would read in the same places', () => {
    const gaps = [services(1), ...unseen.slice(0, 1)];

    expect(missingPermissions({ gaps, results: [result('kerberos-aes256-allowed', [services(1)])] }, az)).toEqual([
      'Reader on /subscriptions/s1 is missing: accounts there are not judged at all; kerberos-aes256-allowed stays unknown. Ask for the role Reader there.',
    ]);
  });

  it('where accounts are visible is another thing: it names the action, and the rules that wait for it', () => {
    const gaps = [...unseen.slice(0, 2), services(3), services(4)];
    const results = [result('kerberos-aes256-allowed', [services(3)]), result('identity-not-bypassed', [services(4)])];

    expect(missingPermissions({ gaps, results }, az)).toEqual([
      'Reader on /subscriptions/s1 and /subscriptions/s2 is missing: accounts there are not judged at all. Ask for the role Reader there.',
      `${readServices} on /subscriptions/s3 and /subscriptions/s4 is missing: identity-not-bypassed and kerberos-aes256-allowed stay unknown. Ask for a role that holds it there, such as Reader.`,
    ]);
  });

  it('names three places at most, and says how many more there are', () => {
    expect(missingPermissions({ gaps: unseen, results: [] }, az)[0]).toContain(
      'on /subscriptions/s1, /subscriptions/s2, /subscriptions/s3 and 2 more is missing',
    );
    expect(missingPermissions({ gaps: unseen.slice(0, 3), results: [] }, az)[0]).toContain(
      'on /subscriptions/s1, /subscriptions/s2 and /subscriptions/s3 is missing',
    );
  });

  it('on an account is asked for on its subscription', () => {
    const account = '/subscriptions/s1/resourcegroups/rg/providers/microsoft.storage/storageaccounts/files';
    const refused = gap('file-services', 'forbidden', account);

    expect(missingPermissions({ gaps: [refused], results: [result('mfa-excluded', [refused])] }, az)).toEqual([
      `${readServices} on /subscriptions/s1 is missing: mfa-excluded stays unknown. Ask for a role that holds it there, such as Reader.`,
    ]);
  });

  it('adds no rule that is unknown about an account elsewhere, or for another reason', () => {
    const results = [
      result('kerberos-aes256-allowed', [gap('file-services', 'throttled', '/subscriptions/s2')]),
      result('identity-not-bypassed', [services(2)]),
    ];

    expect(missingPermissions({ gaps: [services(1)], results }, az)[0]).toContain('no verdict waits for it');
  });
});
