import type { FindingCommit } from '../../../domain/audit/ports.ts';
import type { Alert } from '../../../domain/findings/alert.ts';
import type { Finding, Transition } from '../../../domain/findings/finding.ts';
import { placeOf } from '../../../domain/findings/place.ts';
import type { RemediationJob } from '../../../domain/remediation/job.ts';

export const subscriptionId = '11111111-1111-1111-1111-111111111111';
export const tenantId = '22222222-2222-2222-2222-222222222222';
export const noon = Date.UTC(2026, 10, 21, 12);

export function accountId(name: string): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/Files/providers/Microsoft.Storage/storageAccounts/${name}`;
}

export function accountKey(name: string): string {
  return accountId(name).toLowerCase();
}

/** What of a finding may be given; what it is about comes from its name. */
export type FindingChanges = Partial<Omit<Finding, 'account' | 'subject'>>;

export function finding(name: string, changes: FindingChanges = {}): Finding {
  return {
    id: `${name}/consent-granted`,
    rule: 'consent-granted',
    account: {
      id: accountId(name),
      key: accountKey(name),
      name,
      subscriptionId,
      resourceGroup: 'Files',
      location: 'westeurope',
      host: `${name}.file.core.windows.net`,
    },
    subject: null,
    state: 'open',
    outcome: 'fail',
    severity: 'critical',
    title: 'The storage app has no consent',
    evidence: { missing: ['openid'] },
    deciders: [],
    episode: 1,
    transitions: 1,
    firstSeenAt: noon,
    changedAt: noon,
    factsReadAt: noon,
    openedAt: noon,
    flaps: [],
    acknowledgement: null,
    waiver: null,
    waiversBrokenAt: null,
    repairAttempts: 0,
    repair: null,
    ...changes,
  };
}

/** A finding about a subject of the tenant. */
export function tenantFinding(subject: string, changes: FindingChanges = {}): Finding {
  const rule = 'storage-app-not-orphaned';
  return { ...finding('-'), ...{ account: null, subject }, id: `-/${rule}/${subject}`, rule, ...changes };
}

/** The last transition of a finding. */
export function transitionOf(finding: Finding): Transition {
  const { id, rule, transitions, state, outcome, severity, deciders, title, episode, changedAt } = finding;
  return {
    findingId: id,
    key: placeOf(finding).key,
    rule,
    number: transitions,
    kind: transitions === 1 ? 'opened' : 'changed',
    at: changedAt,
    cause: { kind: 'nightly', id: 'run-1', actor: { kind: 'unknown', objectId: null } },
    before: null,
    after: { state, outcome, severity, deciders },
    title,
    episode,
  };
}

/** A new finding with its first transition and an alert. */
export function opening(name: string, changes: FindingChanges = {}): FindingCommit {
  const opened = finding(name, changes);
  return {
    finding: opened,
    version: null,
    transition: transitionOf(opened),
    effects: [{ kind: 'alert', alert: alert(name) }],
  };
}

export function alert(name: string): Alert {
  return {
    id: `${accountKey(name)}/consent-granted#1`,
    findingIds: [`${name}/consent-granted`],
    transition: 'opened',
    rule: 'consent-granted',
    severity: 'critical',
    title: 'The storage app has no consent',
    accounts: [{ id: accountId(name), name }],
    actor: { kind: 'user', objectId: '33333333-3333-3333-3333-333333333333' },
    actorConfidence: 'likely',
    at: noon,
    link: 'docs/rules/consent-granted.md',
  };
}

export function job(changes: Partial<RemediationJob> = {}): RemediationJob {
  return {
    jobId: 'ab54cafe',
    tenantId,
    rule: 'consent-granted',
    findings: [{ id: 'profiles/consent-granted', episode: 1 }],
    accounts: [{ id: accountId('profiles'), name: 'profiles' }],
    plan: {
      action: 'grant-consent',
      risk: 'safe',
      target: { type: 'servicePrincipal', id: '44444444-AAAA-4444-4444-444444444444', name: 'profiles' },
      calls: [
        {
          method: 'POST',
          url: '/v1.0/oauth2PermissionGrants',
          body: { consentType: 'AllPrincipals', scope: 'openid profile User.Read' },
          permission: 'DelegatedPermissionGrant.ReadWrite.All',
          reads: { url: '/v1.0/oauth2PermissionGrants?$filter=clientId%20eq%20x', expect: { '/value': [] } },
          undo: { method: 'DELETE', url: '/v1.0/oauth2PermissionGrants/{id}', body: null },
        },
      ],
    },
    dryRun: false,
    approvalRequired: false,
    notBefore: noon,
    expiresAt: noon + 86_400_000,
    attempt: 1,
    correlationId: 'run-1',
    createdAt: noon,
    ...changes,
  };
}
