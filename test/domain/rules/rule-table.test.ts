import { describe, expect, it } from 'vitest';
import type { CollectionName } from '../../../domain/model/collection.ts';
import type { Severity } from '../../../domain/model/verdict.ts';
import { accountRules, operationRules, rules, tenantRules } from '../../../domain/rules/index.ts';

interface Row {
  readonly severity: Severity;
  readonly needs: readonly CollectionName[];
  readonly helpedBy?: readonly CollectionName[];
  /** The repair that Kerbwatch has for it; none unless one is named. */
  readonly action?: string;
  readonly thresholds?: Readonly<Record<string, number>>;
  /** Whether a person notices. */
  readonly shows: boolean;
}

/** Whoever judges the storage app reads the account it is of, and both lists it may be in. */
const app = ['storage-accounts', 'applications', 'service-principals'] as const;

/** In the order in which a person looks: the account, its app, what policies do to it, consent, the ticket, the files. */
const aboutAccounts: Readonly<Record<string, Row>> = {
  'single-ad-source': { severity: 'medium', needs: app, shows: false },
  'domain-properties-paired': { severity: 'low', needs: ['storage-accounts'], shows: true },
  'account-supports-smb': { severity: 'high', needs: ['storage-accounts'], shows: true },
  'storage-app-present': { severity: 'critical', needs: app, shows: true },
  'storage-app-unambiguous': { severity: 'high', needs: app, shows: false },
  'app-assignment-not-required': { severity: 'critical', needs: app, action: 'assignment-not-required', shows: true },
  'spn-set-complete': { severity: 'high', needs: app, shows: true },
  'private-link-spn': {
    severity: 'high',
    needs: [...app, 'private-endpoints'],
    action: 'add-privatelink-uris',
    shows: true,
  },
  'mfa-excluded': {
    severity: 'critical',
    needs: [...app, 'conditional-access-policies', 'security-defaults'],
    action: 'exclude-app-from-policy',
    shows: true,
  },
  'conditional-access-not-blocking': {
    severity: 'critical',
    needs: [...app, 'conditional-access-policies'],
    action: 'exclude-app-from-policy',
    shows: true,
  },
  'consent-granted': {
    severity: 'critical',
    needs: [...app, 'oauth2-permission-grants'],
    action: 'grant-consent',
    shows: true,
  },
  'consent-minimal': { severity: 'low', needs: [...app, 'oauth2-permission-grants'], shows: false },
  'sp-password-expiry': {
    severity: 'critical',
    needs: app,
    thresholds: { criticalDays: 7, failDays: 30, warnDays: 60, noticeMonths: 6, rotationMonths: 6 },
    shows: true,
  },
  'kerberos-aes256-allowed': {
    severity: 'critical',
    needs: ['storage-accounts', 'file-services'],
    action: 'allow-aes256-kerberos',
    shows: true,
  },
  'cloud-only-group-tag': { severity: 'high', needs: app, action: 'add-cloud-group-tag', shows: true },
  'share-permission-assigned': {
    severity: 'high',
    needs: ['storage-accounts', 'role-assignments'],
    helpedBy: ['role-definitions'],
    shows: true,
  },
  'default-share-permission-not-elevated': { severity: 'medium', needs: ['storage-accounts'], shows: false },
  'identity-not-bypassed': { severity: 'info', needs: ['storage-accounts', 'file-services'], shows: false },
};

const aboutTenant: Readonly<Record<string, Row>> = {
  'security-defaults-off-or-accepted': { severity: 'high', needs: ['security-defaults'], shows: true },
  'app-management-policy-allows-rotation': {
    severity: 'medium',
    needs: ['default-app-management-policy'],
    shows: true,
  },
  'mfa-exclusion-not-orphaned': {
    severity: 'low',
    needs: ['conditional-access-policies', 'applications', 'service-principals'],
    action: 'remove-orphaned-exclusion',
    shows: false,
  },
  'storage-app-not-orphaned': { severity: 'medium', needs: app, shows: false },
};

/** Reads nothing of its own: it looks at what the runs have read. */
const aboutOperation: Readonly<Record<string, Row>> = {
  'coverage-lost': { severity: 'high', needs: [], shows: false },
  'remediation-collision': { severity: 'critical', needs: [], shows: false },
};

describe('the rules', () => {
  it('about accounts come in the order in which a person looks', () => {
    expect(accountRules.map(({ id }) => id)).toEqual(Object.keys(aboutAccounts));
    expect(new Set(accountRules.map(({ about }) => about))).toEqual(new Set(['account']));
  });

  it('about the tenant come after them', () => {
    expect(tenantRules.map(({ id }) => id)).toEqual(Object.keys(aboutTenant));
    expect(new Set(tenantRules.map(({ about }) => about))).toEqual(new Set(['tenant']));
  });

  it('about the operation come last', () => {
    expect(operationRules.map(({ id }) => id)).toEqual(Object.keys(aboutOperation));
    expect(new Set(operationRules.map(({ about }) => about))).toEqual(new Set(['operation']));
    expect(rules).toEqual([...accountRules, ...tenantRules, ...operationRules]);
  });

  const rows = Object.entries({ ...aboutAccounts, ...aboutTenant, ...aboutOperation });

  it.each(rows)('%s says how grave it is, what it reads, what mends it and what settings may change', (id, row) => {
    const rule = rules.find((one) => one.id === id);
    expect(rule).toMatchObject({
      severity: row.severity,
      remediation: { summary: expect.stringMatching(/^[A-Z].{20}/u) as string, action: row.action ?? null },
      symptom: row.shows ? (expect.stringMatching(/^[A-Z].{10}/u) as string) : null,
    });
    expect(rule?.needs).toEqual(row.needs);
    expect(rule?.helpedBy).toEqual(row.helpedBy ?? []);
    expect(rule?.thresholds).toEqual(row.thresholds ?? {});
  });

  it.each(rows)('%s says what is true when all is well, and why it matters, in a sentence or two', (id) => {
    const rule = rules.find((one) => one.id === id);
    expect(rule?.statement).toMatch(/^[A-Za-z].{20,}[^.]$/u);
    expect(rule?.why).toMatch(/^[A-Z].{20,}\.$/u);
  });
});
