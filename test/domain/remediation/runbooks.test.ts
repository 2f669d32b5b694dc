import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { known } from '../../../domain/model/collection.ts';
import { planFor, planForPolicy, planForTenant } from '../../../domain/remediation/plan-for.ts';
import type { Planned } from '../../../domain/remediation/planned.ts';
import { bash, plainJson, powerShell, shown } from '../../../domain/remediation/runbooks/shell.ts';
import type { ManualTask } from '../../../domain/remediation/runbooks/task.ts';
import { rules } from '../../../domain/rules/index.ts';
import type { RuleContext } from '../../../domain/rules/rule.ts';
import {
  account,
  activeDirectory,
  appId,
  application,
  applications,
  controls,
  directory,
  fileService,
  grant,
  graphPrincipal,
  guid,
  host,
  legacyPrincipal,
  password,
  policy,
  principal,
  resources,
  settings,
  situation,
  tenantId,
} from '../build.ts';
import { made, taskOf } from './planned.ts';

const evil = `x'; $(exit 9); \`id\` "; false #‘’‚‛\u202E\u0007\n`;
/** Control and format characters: they move a cursor, or turn text around. */
const invisible = /[\p{Cc}\p{Cf}]/u;
const hasBash = process.platform !== 'win32';
const principals = (one: ReturnType<typeof principal>) => known([graphPrincipal(), one]);

/** For each rule about an account a state in which it is broken, and what that leads to. */
const broken: Record<
  string,
  { /** `manual`, or an action. */ readonly leadsTo: string; readonly state: Partial<RuleContext> }
> = {
  'single-ad-source': {
    leadsTo: 'manual',
    state: { account: account({ activeDirectory: activeDirectory({ domainSid: 'S-1-5-21-1' }) }) },
  },
  'domain-properties-paired': {
    leadsTo: 'manual',
    state: { account: account({ activeDirectory: activeDirectory({ domainName: evil }) }) },
  },
  'account-supports-smb': { leadsTo: 'manual', state: { account: account({ kind: 'BlobStorage' }) } },
  'storage-app-present': {
    leadsTo: 'manual',
    state: { directory: directory({ applications: known([]), servicePrincipals: known([graphPrincipal()]) }) },
  },
  'storage-app-unambiguous': {
    leadsTo: 'manual',
    state: {
      directory: directory({
        servicePrincipals: known([graphPrincipal(), principal(), principal({ id: guid(70), appId: guid(71) })]),
      }),
    },
  },
  'app-assignment-not-required': {
    leadsTo: 'assignment-not-required',
    state: { directory: directory({ servicePrincipals: principals(principal({ appRoleAssignmentRequired: true })) }) },
  },
  'spn-set-complete': {
    leadsTo: 'manual',
    state: {
      directory: directory({ servicePrincipals: principals(principal({ servicePrincipalNames: [`HOST/${host}`] })) }),
    },
  },
  'private-link-spn': {
    leadsTo: 'add-privatelink-uris',
    state: {
      resources: resources({
        privateEndpoints: known([
          { key: '/pe', name: 'pe', links: [{ targetKey: account().key, groupIds: ['file'], status: 'Approved' }] },
        ]),
      }),
    },
  },
  'mfa-excluded': {
    leadsTo: 'manual',
    state: {
      directory: directory({
        conditionalAccessPolicies: known([policy({ displayName: evil, state: 'enabledForReportingButNotEnforced' })]),
      }),
    },
  },
  'conditional-access-not-blocking': {
    leadsTo: 'manual',
    state: {
      directory: directory({
        conditionalAccessPolicies: known([
          policy({
            state: 'enabledForReportingButNotEnforced',
            applications: applications({ include: [appId] }),
            grantControls: controls({ builtInControls: ['block'] }),
          }),
        ]),
      }),
    },
  },
  'consent-granted': {
    leadsTo: 'grant-consent',
    state: { directory: directory({ oauth2PermissionGrants: known([]) }) },
  },
  'consent-minimal': {
    leadsTo: 'manual',
    state: { directory: directory({ oauth2PermissionGrants: known([grant({ scopes: ['openid', evil] })]) }) },
  },
  'sp-password-expiry': {
    leadsTo: 'manual',
    state: {
      directory: directory({
        servicePrincipals: principals(legacyPrincipal({ passwordCredentials: [password(-1)] })),
        applications: known([application({ displayName: 'contosoprofiles' })]),
      }),
    },
  },
  'kerberos-aes256-allowed': {
    leadsTo: 'allow-aes256-kerberos',
    state: {
      resources: resources(
        {},
        known([
          fileService({
            authenticationMethods: ['NTLMv2'],
            asRead: {
              cors: {},
              shareDeleteRetentionPolicy: {},
              protocolSettings: { smb: { authenticationMethods: 'NTLMv2' } },
            },
          }),
        ]),
      ),
    },
  },
  'cloud-only-group-tag': {
    leadsTo: 'add-cloud-group-tag',
    state: { settings: settings({ cloudOnlyUsers: [{ name: '*' }] }) },
  },
  'share-permission-assigned': { leadsTo: 'manual', state: { account: account({ defaultSharePermission: null }) } },
  'default-share-permission-not-elevated': {
    leadsTo: 'manual',
    state: { account: account({ defaultSharePermission: 'StorageFileDataSmbShareElevatedContributor' }) },
  },
  'identity-not-bypassed': { leadsTo: 'manual', state: { account: account({ sharedKeyAllowed: true }) } },
};

/** The same for rules about the tenant and the audit itself, with a subject of theirs. */
const tenantSubjects: Record<string, string> = {
  'security-defaults-off-or-accepted': '-',
  'app-management-policy-allows-rotation': '-',
  'mfa-exclusion-not-orphaned': `${guid(0x100)}:${guid(0x55)}`,
  'storage-app-not-orphaned': appId,
  'coverage-lost': evil,
  'remediation-collision': evil,
};

function planned(rule: string): Planned {
  const state = broken[rule];
  if (state !== undefined) return planFor(rule, situation(state.state));
  const gone = [guid(0x55)];
  const excluding = policy({
    displayName: evil,
    applications: applications({ include: ['All'], exclude: gone }),
    asRead: { applications: { excludeApplications: gone }, modifiedDateTime: null },
  });
  return planForTenant({
    rule,
    subject: tenantSubjects[rule] ?? '',
    title: evil,
    directory: directory({ conditionalAccessPolicies: known([excluding]) }),
    storageAccounts: known([account()]),
    formerApps: () => [],
    restorable: new Set(),
  });
}

function linesOf({ steps }: ManualTask) {
  return steps.flatMap(({ commands }) => commands);
}

describe('Every rule', () => {
  it('is in the tables of this test', () => {
    expect([...Object.keys(broken), ...Object.keys(tenantSubjects)].sort()).toEqual(rules.map(({ id }) => id).sort());
  });

  it.each(Object.entries(broken))('%s, broken, leads to a plan or to a task', (rule, { leadsTo }) => {
    if (leadsTo === 'manual') expect(taskOf(planned(rule)).steps.length).toBeGreaterThan(1);
    else expect(made(planned(rule)).plan.action).toBe(leadsTo);
  });

  it.each(Object.keys(tenantSubjects))('%s, broken, leads to a task', (rule) => {
    expect(taskOf(planned(rule)).steps.length).toBeGreaterThan(1);
  });

  it.each(Object.keys(broken))('%s has nothing to mend where all is well, and says why', (rule) => {
    expect(planFor(rule, situation())).toMatchObject({ kind: 'none', why: /\w/ });
  });
});

const tasks = rules.map(({ id }) => planned(id)).flatMap((one) => (one.kind === 'manual' ? [one.task] : []));

describe.each(tasks.map((task) => [task.runbook, task] as const))('The runbook %s', (_, task) => {
  it('says why, who may, what breaks, and of each step what to check and how to go back', () => {
    for (const text of [task.title, task.why, task.rights, task.breaks]) expect(text).toMatch(/\w/);
    for (const { does, check, back } of task.steps) {
      for (const text of [does, check, back]) expect(text).toMatch(/\w/);
    }
  });

  it('signs in to this tenant first, and leaves nothing to fill in but what is said so', () => {
    expect(JSON.stringify(task.steps[0])).toContain(tenantId);
    for (const { line } of linesOf(task)) expect(line).not.toMatch(/undefined|\[object|NAME|APP_ID|<[a-z]+>/u);
  });

  it('is made of lines that bash parses, whatever the names in the tenant', () => {
    for (const { shell, line } of linesOf(task)) {
      expect(line).not.toMatch(invisible);
      if (shell === 'bash' && hasBash) execFileSync('bash', ['-n', '-c', line]);
    }
  });

  it('shows nothing that moves a cursor or turns text around', () => {
    for (const { does, check } of task.steps) expect(does + check).not.toMatch(invisible);
    expect(task.title + task.why).not.toMatch(invisible);
  });
});

describe('A runbook of an account', () => {
  it('holds calls with the ids of the account and its app', () => {
    const lines = linesOf(taskOf(planned('sp-password-expiry')))
      .map(({ line }) => line)
      .join('\n');

    expect(lines).toContain(account().id);
    expect(lines).toContain(`/v1.0/applications/${application().id}`);
    expect(lines).toContain('"directoryServiceOptions":"None"');
    expect(lines).toContain('"defaultSharePermission":"StorageFileDataSmbShareContributor"');
  });

  it('saves before it switches off, deletes the old app between off and on, and proves it by a mount', () => {
    const does = taskOf(planned('sp-password-expiry')).steps.map((step) => step.does);
    const at = (words: RegExp): number => does.findIndex((text) => words.test(text));
    const order = [
      /^Save/,
      /^Switch the identity source off/,
      /^Delete the old/,
      /^Set the identity source to AADKERB/,
      /consent/,
      /mount/,
    ].map(at);

    expect(order).not.toContain(-1);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });
});

describe('A policy for a person', () => {
  it('is told apart by why', () => {
    const whys = [
      policy({ templateId: guid(1), displayName: 'Microsoft-managed: all' }),
      policy({ applications: applications({ include: ['All', appId] }) }),
      policy({ applications: applications({ include: ['All'], filter: { mode: 'include', rule: evil } }) }),
      policy({ unreadConditions: ['times'] }),
    ].map((one) => {
      const facts = directory({
        conditionalAccessPolicies: known([
          { ...one, asRead: { applications: { includeApplications: [] }, modifiedDateTime: null } },
        ]),
      });
      return taskOf(planForPolicy({ policyId: guid(0x100), accounts: [account()], directory: facts })).why;
    });
    expect(new Set(whys).size).toBe(4);
  });
});

describe('A value in a line', () => {
  it.runIf(hasBash)('is one word to bash, and nothing in it is carried out', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }), (value) => {
        const { line } = bash`printf %s ${value}`;
        const clean = value.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '\u{FFFD}');
        expect(execFileSync('bash', ['-c', line], { encoding: 'utf8' })).toBe(clean);
      }),
      { numRuns: 15, examples: [[evil], ["'"], ['$(id)'], ['a\nb'], ['\\']] },
    );
  });

  it('is one text to PowerShell, which takes typographic quotes for quotes', () => {
    const { line } = powerShell`Write-Output ${evil}`;
    const [, inside = ''] = /^Write-Output '(.*)'$/u.exec(line) ?? [];

    expect(inside).not.toBe('');
    expect(inside.replace(/(['‘’‚‛])\1/gu, '')).not.toMatch(/['‘’‚‛]/u);
  });

  it('is cut and cleaned where people read it', () => {
    expect(shown('a\u001B[31mb')).toBe('‹a\u{FFFD}[31mb›');
    expect(shown('x'.repeat(500)).length).toBeLessThan(130);
  });

  it('keeps its meaning in JSON in which nothing is invisible', () => {
    expect(JSON.parse(plainJson({ a: evil }))).toEqual({ a: evil });
    expect(plainJson({ a: evil })).not.toMatch(invisible);
  });
});
