import { accountTags } from '../domain/audit/account-tags.ts';
import {
  auditAccount,
  type AccountAudited,
  AccountOvertaken,
  AccountUnreadable,
} from '../domain/audit/audit-account.ts';
import { type Attributed, attributeChange } from '../domain/audit/attribute-change.ts';
import { auditShard, type AuditShardPorts, UnknownShard } from '../domain/audit/audit-shard.ts';
import { causeOf } from '../domain/audit/cause-of.ts';
import { type Dispatched, dispatchOutbox } from '../domain/audit/dispatch-outbox.ts';
import type { ChangeLog } from '../domain/audit/drift-ports.ts';
import { type Followed, followEvent, type FollowEventPorts } from '../domain/audit/follow-event.ts';
import { markRepairing } from '../domain/audit/mark-repairing.ts';
import { judgeCollision } from '../domain/audit/judge-collision.ts';
import { type AlertTimes, type Latency, latencyOf } from '../domain/audit/latency.ts';
import { planAudit } from '../domain/audit/plan-audit.ts';
import { FindingConflict, type FreshFacts } from '../domain/audit/ports.ts';
import { putOff, PutOffTooOften } from '../domain/audit/put-off.ts';
import { NotVerified } from '../domain/audit/reconcile.ts';
import type { ResourceEvent } from '../domain/audit/resource-event.ts';
import type { Run } from '../domain/audit/run.ts';
import { sweep, type SweepPorts } from '../domain/audit/sweep.ts';
import { watchDirectory, type WatchCycle, type WatchDirectoryPorts } from '../domain/audit/watch-directory.ts';
import type { AuditWork } from '../domain/audit/work.ts';
import { verifyTenantRule } from '../domain/audit/verify-tenant-rule.ts';
import type { Cause, Transition } from '../domain/findings/finding.ts';
import type { Collision } from '../domain/model/collision.ts';
import type { Settings } from '../domain/model/settings.ts';
import { type Remediated, type RemediatePorts, UnknownJob } from '../domain/remediation/remediate-ports.ts';
import { giveUp, remediate } from '../domain/remediation/remediate.ts';
import { planRefusedAnew } from '../domain/remediation/plan-refused-anew.ts';
import { type Withdrawn, withdrawJobs } from '../domain/remediation/withdraw-jobs.ts';
import { PlanUnreadable } from '../domain/remediation/plan-of-repair.ts';
import type { RepairPlanned } from '../domain/remediation/keep-planned.ts';
import { FindingsStillComing, planRepair } from '../domain/remediation/plan-repair.ts';
import { repairKey } from '../domain/remediation/repair.ts';
import type { TaskStore } from '../domain/remediation/repair-task.ts';
import { ResultRefused, takeResult } from '../domain/remediation/take-result.ts';
import type { TenantFacts } from '../domain/remediation/tenant-facts.ts';
import type { ToldResult } from '../domain/remediation/told-result.ts';
import type { AlertDelivery } from './alerts/deliver.ts';
import { WebhookFailed } from './alerts/webhook.ts';
import type { ApiAnswer, ApiRequest } from './api/exchange.ts';
import { handleRequest } from './api/handle.ts';
import { handleRemediationRequest } from './api/handle-remediation.ts';
import type { ApiAccess } from './api/ports.ts';
import type { RemediationApiPorts } from './api/remediation-ports.ts';
import { BrokerUnreachable } from './azure/service-bus/broker-unreachable.ts';
import { StoreUnreachable } from './azure/store-unreachable.ts';
import { UnsafeKey } from './azure/tables/keys.ts';
import type { AlertEvent } from './messages/alert.ts';
import type { AlertCauses } from './messages/alert-causes.ts';
import type { JobEvent } from './messages/job.ts';
import { MessageMalformed } from './messages/malformed.ts';
import { asStored } from './messages/read-job.ts';
import { ForeignEvent } from './wire/foreign-event.ts';
import { WireMalformed } from './wire/wire-malformed.ts';

export type { AuditWork };

/** What a handler logs with. */
export interface Log {
  warn(message: string): void;
}

/** Something is asked of an app that its role forbids. */
export class WrongRole extends Error {
  override readonly name = 'WrongRole';
}

/** Everything the functions work with. */
export interface Services {
  readonly auditor: {
    planAudit(runId: string): Promise<Run>;
    auditShard(runId: string, shard: number): Promise<{ readonly runFinished: boolean }>;
    auditAccount(accountId: string, cause: Cause): Promise<AccountAudited>;
    /** Queues the audits of the accounts that an event may touch, once for each event. */
    followEvent(event: ResourceEvent): Promise<Followed>;
    /** One look at what has changed in the directory; queues the accounts that it touches. */
    watchDirectory(): Promise<WatchCycle>;
    /** Looks who made a change of an account's facts. */
    attribute(work: Extract<AuditWork, { kind: 'attribute' }>): Promise<Attributed>;
    /** Judges a rule about the tenant again, after a repair. */
    verifyTenantRule(rule: string, cause: Cause): Promise<readonly Transition[]>;
    /** Plans what mends all findings that the same repair mends. @returns what came of it, a sentence. */
    planRepair(work: Extract<AuditWork, { kind: 'plan-repair' }>): Promise<string>;
    /** Puts findings into repair whose job was planned apart from them. */
    markRepairing(jobId: string): Promise<readonly Transition[]>;
    /** Opens the finding of a write that another one met, or closes it. */
    judgeCollision(collision: Collision): Promise<readonly Transition[]>;
    /** Takes what a consumer says of a job as a hint. @returns what it started @throws ResultRefused */
    takeResult(result: ToldResult): Promise<string>;
    /** Queues the same work for later. @returns after how many milliseconds @throws PutOffTooOften */
    putOff(work: AuditWork): Promise<number>;
    /** Sends what is stored. When that fails it stays stored and the timer sends it, so a commit is never redone for it. */
    dispatch(log: Log): Promise<void>;
    dispatchAll(): Promise<Dispatched>;
    /** Ends what has expired and repairs what was left half done. @returns what it did, a sentence for each. */
    sweep(): Promise<readonly string[]>;
  };
  readonly remediator: {
    /** Holds a job's message against the job as it is stored. @returns the job's id @throws MessageMalformed */
    accept(event: JobEvent): Promise<string>;
    remediate(jobId: string): Promise<Remediated>;
    giveUp(jobId: string, reason: string): Promise<void>;
    /** Withdraws the jobs that nobody needs any more. */
    withdrawJobs(): Promise<readonly Withdrawn[]>;
    /** Has planned anew what was refused for a reason that has passed. @returns a sentence for each */
    planRefusedAnew(): Promise<readonly string[]>;
  };
  readonly alerts: {
    deliver(channel: string, alert: AlertEvent): Promise<AlertDelivery>;
    /** Keeps how long the alert took; a figure that cannot be kept is told and lost. */
    handedOver(channel: string, alert: AlertEvent, causes: AlertCauses, log: Log): Promise<Latency>;
  };
  /** The HTTP API, v1. */
  readonly api: {
    handle(request: ApiRequest, log: Log): Promise<ApiAnswer>;
  };
  /** The remediator's HTTP API, v1. */
  readonly remediationApi: {
    handle(request: ApiRequest, log: Log): Promise<ApiAnswer>;
  };
  /** Payloads of triggers, parsed. Each throws what `isRefusal` knows. */
  readonly read: {
    storageEvent(event: unknown): ResourceEvent;
    auditWork(message: unknown): AuditWork;
    alert(message: unknown): AlertEvent;
    alertCauses(applicationProperties: unknown): AlertCauses | null;
    job(message: unknown): JobEvent;
    result(message: unknown): ToldResult;
  };
  /** @param messageId of the original, where it came in a message */
  readonly reject: (source: string, reason: string, original: unknown, messageId?: string) => Promise<void>;
  readonly newRunId: () => string;
  /** Comes back after so many milliseconds. */
  readonly wait: (milliseconds: number) => Promise<unknown>;
  readonly close: () => Promise<void>;
}

/** Whether an error says that a message can never be processed, however often it comes. */
export function isRefusal(error: unknown): error is Error {
  return (
    error instanceof MessageMalformed ||
    error instanceof WireMalformed ||
    error instanceof ForeignEvent ||
    error instanceof UnknownShard ||
    error instanceof UnknownJob ||
    // An id that cannot be a key was never stored: nothing of ours looks like it.
    error instanceof UnsafeKey ||
    error instanceof PutOffTooOften ||
    error instanceof ResultRefused
  );
}

/** Whether an error says that something cannot be reached for now, so that the same work may succeed later. */
export function isPassing(error: unknown): error is Error {
  return (
    error instanceof StoreUnreachable ||
    error instanceof AccountUnreadable ||
    error instanceof AccountOvertaken ||
    error instanceof NotVerified ||
    error instanceof FindingConflict ||
    error instanceof PlanUnreadable ||
    error instanceof FindingsStillComing
  );
}

/** Whether an error says that what is needed does not answer for now; unlike `isPassing`, also of what queues and alerts take. */
export function isOutage(error: unknown): error is Error {
  if (error instanceof WebhookFailed) return error.status === null || error.status >= 500;
  return error instanceof StoreUnreachable || error instanceof BrokerUnreachable;
}

/** What the services work over. What of it `remediate` alone uses must be able to write. */
export type Parts = AuditShardPorts &
  FollowEventPorts &
  Omit<WatchDirectoryPorts, 'deltas'> &
  Omit<SweepPorts, 'accountTags'> & {
    readonly settings: Settings;
    /** Opened for each look. */
    readonly deltas: () => WatchDirectoryPorts['deltas'];
    readonly facts: FreshFacts;
    /** With what any plan needs, whatever rules the settings leave on. */
    readonly planFacts: FreshFacts;
    readonly tenantFacts: TenantFacts;
    readonly tasks: TaskStore;
    /** Null in the app that audits: nothing there can write. */
    readonly executor: RemediatePorts['executor'] | null;
    readonly changeLog: ChangeLog;
    /** Object id of the identity that remediates; null where nobody told it. */
    readonly remediatorId: string | null;
    readonly deliver: Services['alerts']['deliver'];
    readonly recordLatency: (times: AlertTimes) => Promise<void>;
    readonly api: ApiAccess;
    readonly approvals: RemediationApiPorts['approvals'];
    readonly brakes: RemediationApiPorts['brakes'];
    readonly requests: RemediationApiPorts['requests'];
    readonly records: RemediationApiPorts['records'];
    readonly inScope: RemediatePorts['inScope'];
    readonly setAside: RemediationApiPorts['setAside'];
    readonly policy: RemediationApiPorts['policy'];
    readonly makers: RemediationApiPorts['makers'];
    readonly read: Services['read'];
    readonly newRunId: () => string;
    readonly wait: Services['wait'];
    readonly close: () => Promise<void>;
  };

/** The use cases as the functions call them, over whatever implements the ports. */
export function servicesOver(parts: Parts): Services {
  const { settings, messages, now } = parts;

  function remediatePorts(): RemediatePorts {
    return { ...parts, executor: mayWrite(), facts: parts.planFacts, actor: parts.remediatorId };
  }

  function mayWrite(): RemediatePorts['executor'] {
    if (parts.executor !== null) return parts.executor;
    throw new WrongRole('This app audits and has no way to write: KERBWATCH_ROLE is remediator in an app of its own');
  }

  async function dispatch(log: Log): Promise<void> {
    try {
      await dispatchOutbox(parts);
    } catch (error) {
      log.warn(`What was stored could not be sent yet and waits for the next dispatch: ${messageOf(error)}`);
    }
  }

  return {
    auditor: {
      planAudit: (runId) => planAudit(runId, settings, parts),
      auditShard: (runId, shard) => auditShard(runId, shard, settings, parts),
      auditAccount: async (accountId, cause) =>
        auditAccount(accountId, await causeOf(cause, accountId, settings, parts), settings, parts),
      followEvent: (event) => followEvent(event, settings, parts),
      watchDirectory: () => watchDirectory(settings, { ...parts, deltas: parts.deltas() }),
      attribute: (work) => attributeChange(work, settings, parts),
      verifyTenantRule: (rule, cause) => verifyTenantRule(rule, cause, settings, parts),
      planRepair: async (work) => {
        const planned = await planRepair(work, settings, { ...parts, facts: parts.planFacts });
        return `${repairKey(work.repair)}: ${told(planned)}`;
      },
      takeResult: (result) => takeResult(result, settings, parts),
      markRepairing: (jobId) => markRepairing(jobId, parts),
      judgeCollision: (collision) => judgeCollision(collision, settings, parts),
      putOff: (work) => putOff(work, parts),
      dispatch,
      dispatchAll: () => dispatchOutbox(parts),
      sweep: () => sweep(settings, { ...parts, accountTags: () => accountTags(parts) }),
    },
    remediator: {
      async accept(event) {
        const stored = await parts.jobs.find(event.data.jobId);
        if (stored !== null) asStored(event, stored.job);
        return event.data.jobId;
      },
      remediate: async (jobId) => remediate(jobId, settings, remediatePorts()),
      giveUp: async (jobId, reason) => giveUp(jobId, reason, settings, remediatePorts()),
      withdrawJobs: async () => withdrawJobs(settings, remediatePorts()),
      planRefusedAnew: async () => planRefusedAnew(settings, remediatePorts()),
    },
    alerts: {
      deliver: parts.deliver,
      async handedOver(channel, { id, data }, causes, log) {
        const times = { alertId: id, channel, ...causes, storedAt: Date.parse(data.at), handedOverAt: now() };
        try {
          await parts.recordLatency(times);
        } catch (error) {
          // The alert is delivered: failing now would only bring it again.
          log.warn(`How long alert ${id} took could not be kept: ${messageOf(error)}`);
        }
        return latencyOf(times);
      },
    },
    api: {
      handle: (request, log) =>
        handleRequest(request, {
          ...parts,
          ...parts.api,
          accountTags: () => accountTags(parts),
          dispatch: () => dispatch(log),
          tell: (text) => {
            log.warn(text);
          },
          recordRefusal: (text) => {
            log.warn(text);
          },
        }),
    },
    remediationApi: {
      handle: async (request, log) => {
        mayWrite();
        return handleRemediationRequest(request, {
          ...parts,
          ...parts.api,
          // Whatever is changed here is sent at once, or asked for again.
          dispatch: () => Promise.resolve(),
          tell: (text) => {
            log.warn(text);
          },
          recordRefusal: (text) => {
            log.warn(text);
          },
        });
      },
    },
    read: parts.read,
    reject: (source, reason, original, messageId) => messages.reject(source, reason, original, messageId),
    newRunId: parts.newRunId,
    wait: parts.wait,
    close: parts.close,
  };
}

function told(planned: RepairPlanned): string {
  switch (planned.outcome) {
    case 'job':
      return `job ${planned.job.jobId} for ${String(planned.job.findings.length)} findings`;
    case 'task':
      return `a task for a person: ${planned.task.task.why}`;
    case 'none':
      return planned.why;
  }
}

function messageOf(error: unknown): string {
  const errors: readonly unknown[] = error instanceof AggregateError ? error.errors : [error];
  return errors.map((each) => (each instanceof Error ? each.message : 'an unknown error')).join('; ');
}
