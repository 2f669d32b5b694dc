import type { StoredJob } from '../../../domain/audit/ports.ts';
import type { Finding } from '../../../domain/findings/finding.ts';
import { noSubscription } from '../../../domain/findings/place.ts';
import { known } from '../../../domain/model/collection.ts';
import { approveJob } from '../../../domain/remediation/approval.ts';
import { CallRefused } from '../../../domain/remediation/call-failure.ts';
import type { RemediationJob } from '../../../domain/remediation/job.ts';
import { jobOfPlan } from '../../../domain/remediation/job-of-plan.ts';
import { planOfRepair } from '../../../domain/remediation/plan-of-repair.ts';
import type { SeenPolicy } from '../../../domain/remediation/policy-effect.ts';
import { exclusionOf } from '../../../domain/remediation/repair.ts';
import { planDigest } from '../../../domain/remediation/same-plan.ts';
import { sha256 } from '../../../infra/digest.ts';
import { parseConditionalAccessPolicy } from '../../../infra/wire/conditional-access-policy.ts';
import { parseFileService } from '../../../infra/wire/file-service.ts';
import { finding, tenantFinding } from '../../infra/azure/samples.ts';
import { guid, tenantId } from '../build.ts';
import { interruptible } from '../faults.ts';
import { memoryPorts, type MemoryPorts } from '../memory-ports.ts';
import { read, send, type World } from './apply-plan.ts';
import type { BrokenWorld } from './broken-worlds.ts';
import { made } from './planned.ts';

/** A person who may approve, and asked for nothing. */
export const approver = guid(0xa99);

/** Every port in memory, over objects as Graph and ARM have them. */
export interface WirePorts extends MemoryPorts {
  /** As it is now. */
  tenant: World;
  /** Called around each write; may change the tenant or throw. */
  readonly hooks: { before: () => void; after: () => void };
  /** A policy as it is. */
  readonly policy: (id: string) => Promise<SeenPolicy | null>;
  /** Paths that were written, in order. */
  readonly writes: string[];
}

export function wirePorts(broken: BrokenWorld): WirePorts {
  const base = memoryPorts([broken.account]);
  const context = () => broken.context(ports.tenant);
  const ports: WirePorts = {
    ...base,
    tenant: broken.world(),
    hooks: { before: () => undefined, after: () => undefined },
    writes: [],
    policy: (id) => {
      const object = ports.tenant.get(`/v1.0/identity/conditionalAccess/policies/${id}`);
      return Promise.resolve(
        object === undefined ? null : { policy: parseConditionalAccessPolicy(object), readAt: ports.now() },
      );
    },
    facts: interruptible(
      {
        account: () => {
          const services = [...ports.tenant].flatMap(([path, one]) =>
            path.startsWith('/subscriptions/') ? [one] : [],
          );
          const fileServices = known(services.map(parseFileService));
          return Promise.resolve({ state: 'found' as const, account: broken.account, fileServices });
        },
        shared: () => Promise.resolve({ directory: context().directory.facts, resources: context().resources.facts }),
      },
      base.faults,
    ),
    tenantFacts: {
      ...base.tenantFacts,
      storageAccounts: () => Promise.resolve(known([broken.account])),
      formerApps: () =>
        Promise.resolve((app) => (broken.formerApps?.includes(app.toLowerCase()) === true ? [broken.account.key] : [])),
    },
    executor: interruptible(
      {
        read: async (call) => {
          const found = await Promise.resolve(read(ports.tenant, call.reads.url));
          if (found === null) throw new CallRefused(`GET ${call.reads.url} answered 404`, 404);
          return structuredClone(found);
        },
        execute: async (call) => {
          await Promise.resolve();
          ports.hooks.before();
          const { world, id } = send(ports.tenant, call.method, call.url, call.body);
          ports.tenant = world;
          ports.writes.push(`${call.method} ${call.url}`);
          ports.hooks.after();
          return id === '' ? null : { id };
        },
      },
      base.faults,
    ),
  };
  return ports;
}

/** Plans the repair, and stores its finding and its job, as the auditor does. */
export async function storedJob(broken: BrokenWorld, ports: WirePorts, episode = 1): Promise<RemediationJob> {
  const exclusion = exclusionOf(broken.findingId.split('/').at(-1) ?? '');
  const mended = { accountIds: [broken.account.id], appIds: exclusion === null ? [] : [exclusion.appId] };
  const { planned } = await planOfRepair(broken.repair, mended, broken.settings, ports);
  const job = jobOfPlan(made(planned), {
    tenantId,
    rule: broken.rule,
    findings: [{ id: broken.findingId, episode }],
    settings: broken.settings,
    now: ports.now(),
    correlationId: 'run-1',
    attempt: 1,
    digest: sha256,
  });
  if (job === null) throw new Error('The action is off');
  await ports.store.jobs.insert(job);
  await keepFinding(broken, ports, episode);
  return job;
}

async function keepFinding(broken: BrokenWorld, ports: WirePorts, episode: number): Promise<void> {
  const isOfTenant = broken.findingId.startsWith('-/');
  const about = { id: broken.findingId, rule: broken.rule, state: 'open', outcome: 'fail', episode } as const;
  const open: Finding = isOfTenant
    ? { ...tenantFinding(broken.findingId.split('/')[2] ?? ''), ...about }
    : { ...finding(broken.account.name), ...about, account: broken.account, subject: null };
  const partition = isOfTenant ? noSubscription : broken.account.subscriptionId;
  const [stored] = await ports.store.findings.find(broken.findingId);
  await ports.store.findings.commit(partition, [
    { finding: open, version: stored?.version ?? null, transition: null, effects: [] },
  ]);
}

/** What a person does who looked at the plan; nothing for a job that needs nobody. */
export async function approve(job: RemediationJob, broken: BrokenWorld, ports: WirePorts): Promise<void> {
  if (!job.approvalRequired) return;
  const decision = { jobId: job.jobId, planDigest: planDigest(job.plan, sha256), by: approver, note: null };
  const { outcome } = await approveJob(decision, broken.settings, ports);
  if (outcome !== 'approved') throw new Error(`The job was not approved: ${outcome}`);
}

export async function jobNow(jobId: string, ports: WirePorts): Promise<StoredJob> {
  const stored = await ports.store.jobs.find(jobId);
  if (stored === null) throw new Error(`No job ${jobId}`);
  return stored;
}

/** The service writes the time of an edit itself. */
export function withoutEditTime(world: World): unknown {
  return [...world].map(([path, { modifiedDateTime: _, ...rest }]) => [path, rest]);
}
