/**
 * Every name that code and deployment must agree on: queues, topics, tables, containers, app settings, and how the broker treats
 * each queue. `infra/bicep` says the same in its own language; `test/infra/bicep` compares the two.
 */

export const queues = {
  auditWork: 'audit-work',
  remediationJobs: 'remediation-jobs',
  remediationResults: 'remediation-results',
  rejected: 'rejected',
} as const;

export const topics = {
  driftAlerts: 'drift-alerts',
} as const;

/** One subscription of `drift-alerts` per alert channel. */
export const subscriptions = {
  webhook: 'webhook',
  teams: 'teams',
  slack: 'slack',
  eventGrid: 'event-grid',
  logAnalytics: 'log-analytics',
} as const;

export const tables = {
  findings: 'findings',
  accounts: 'accounts',
  history: 'history',
  runs: 'runs',
  waivers: 'waivers',
  jobs: 'jobs',
  approvals: 'approvals',
  inbox: 'inbox',
} as const;

export const blobContainers = {
  runs: 'runs',
} as const;

export const appSettings = {
  role: 'KERBWATCH_ROLE',
  auditSchedule: 'KERBWATCH_AUDIT_SCHEDULE',
  outboxSchedule: 'KERBWATCH_OUTBOX_SCHEDULE',
  sweepSchedule: 'KERBWATCH_SWEEP_SCHEDULE',
  watchSchedule: 'KERBWATCH_WATCH_SCHEDULE',
  tenantId: 'KERBWATCH_TENANT_ID',
  /** Object id of the app's own identity, by which it knows what it did itself. */
  objectId: 'KERBWATCH_OBJECT_ID',
  settings: 'KERBWATCH_SETTINGS',
  subscriptions: 'KERBWATCH_SUBSCRIPTIONS',
  apiAudience: 'KERBWATCH_API_AUDIENCE',
  /** Which user-assigned identity to sign in with; the name is the Azure SDK's own. */
  clientId: 'AZURE_CLIENT_ID',
} as const;

/** The prefix of the identity-based app settings (`ServiceBusConnection__fullyQualifiedNamespace` and its siblings). */
export const connections = {
  serviceBus: 'ServiceBusConnection',
  storage: 'AzureWebJobsStorage',
} as const;

/** Durations are milliseconds; what is left out is the service's own default. */
export interface QueueTopology {
  readonly name: string;
  readonly requiresSession?: boolean;
  readonly duplicateDetectionWindowMs?: number;
  readonly maxDeliveryCount?: number;
  readonly lockDurationMs?: number;
  readonly defaultTimeToLiveMs?: number;
  readonly deadLetterOnExpiry?: boolean;
}

export interface SubscriptionTopology {
  readonly name: string;
  readonly maxDeliveryCount?: number;
  readonly lockDurationMs?: number;
  readonly deadLetterOnExpiry?: boolean;
}

export interface TopicTopology {
  readonly name: string;
  readonly duplicateDetectionWindowMs?: number;
  readonly defaultTimeToLiveMs?: number;
  readonly subscriptions: readonly SubscriptionTopology[];
}

export interface ServiceBusTopology {
  readonly queues: readonly QueueTopology[];
  readonly topics: readonly TopicTopology[];
}

const minute = 60_000;
const day = 24 * 60 * minute;

/** The longest lock the service grants; a handler that needs more time renews it. */
const lockDurationMs = 5 * minute;
const maxDeliveryCount = 5;

export const serviceBusTopology: ServiceBusTopology = {
  queues: [
    { name: queues.auditWork, duplicateDetectionWindowMs: 10 * minute, maxDeliveryCount, lockDurationMs },
    {
      name: queues.remediationJobs,
      requiresSession: true,
      duplicateDetectionWindowMs: day,
      maxDeliveryCount,
      lockDurationMs,
      defaultTimeToLiveMs: 7 * day,
      deadLetterOnExpiry: true,
    },
    { name: queues.remediationResults, maxDeliveryCount, lockDurationMs },
    // What is refused again, since its message came again before it was settled, is one copy.
    { name: queues.rejected, duplicateDetectionWindowMs: day, maxDeliveryCount, lockDurationMs },
  ],
  topics: [
    {
      name: topics.driftAlerts,
      duplicateDetectionWindowMs: day,
      defaultTimeToLiveMs: day,
      subscriptions: Object.values(subscriptions).map((name) => ({
        name,
        maxDeliveryCount,
        lockDurationMs,
        deadLetterOnExpiry: false,
      })),
    },
  ],
};
