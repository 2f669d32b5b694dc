import type { TokenCredential } from '@azure/core-auth';
import { accountTags } from '../domain/audit/account-tags.ts';
import type { ChangeHistory } from '../domain/audit/drift-ports.ts';
import type {
  AccountReads,
  FindingStore,
  FormerKeys,
  History,
  JobStore,
  Outbox,
  RunStore,
  WaiverStore,
} from '../domain/audit/ports.ts';
import { itemsOf } from '../domain/model/collection.ts';
import type { ApprovalStore } from '../domain/remediation/approval.ts';
import type { JobRequests } from '../domain/remediation/job-request.ts';
import type { WriteRecords } from '../domain/remediation/write-record.ts';
import type { BrakeStore } from '../domain/remediation/brakes.ts';
import type { SeenPolicy } from '../domain/remediation/policy-effect.ts';
import type { TaskStore } from '../domain/remediation/repair-task.ts';
import type { AccountLinks } from '../domain/audit/watch-ports.ts';
import type { TagsOf } from '../domain/findings/waiver.ts';
import { openRunFiles } from './azure/blobs/run-files.ts';
import { isLoopback } from './azure/loopback.ts';
import { createAccountReads } from './azure/tables/account-reads.ts';
import { createAccountLinks } from './azure/tables/account-links.ts';
import { createApprovalStore } from './azure/tables/approval-store.ts';
import { createBrakeStore } from './azure/tables/brake-store.ts';
import { createWriteRecords } from './azure/tables/write-records.ts';
import { createChangeHistory } from './azure/tables/change-history.ts';
import { connectStorage } from './azure/tables/connection.ts';
import { createFindingStore } from './azure/tables/finding-store.ts';
import { createFormerKeys } from './azure/tables/former-keys.ts';
import { createHistory } from './azure/tables/history.ts';
import { createJobRequests } from './azure/tables/job-requests.ts';
import { createJobStore } from './azure/tables/job-store.ts';
import { createLatencies, type Latencies } from './azure/tables/latencies.ts';
import { createOutbox } from './azure/tables/outbox.ts';
import { createRunStore } from './azure/tables/run-store.ts';
import { createTaskStore } from './azure/tables/task-store.ts';
import { createWaiverStore } from './azure/tables/waiver-store.ts';
import { type Environment } from './config.ts';
import { blobContainers, tables } from './names.ts';
import { createRunCollections } from './run-collections.ts';

/** What the functions have stored, for a person to look at. */
export interface Store {
  /** Host of the table service, as messages name the store. */
  readonly host: string;
  /** Whether it is on this machine: the embedded cloud's, which is nobody's record of anything real. */
  readonly isLocal: boolean;
  readonly findings: FindingStore;
  readonly waivers: WaiverStore;
  readonly outbox: Outbox;
  readonly history: History;
  readonly changes: ChangeHistory;
  readonly formerKeys: FormerKeys;
  readonly accountLinks: AccountLinks;
  readonly accountReads: AccountReads;
  readonly jobs: JobStore;
  readonly tasks: TaskStore;
  readonly approvals: ApprovalStore;
  readonly brakes: BrakeStore;
  readonly requests: JobRequests;
  readonly records: WriteRecords;
  /** A policy as the last nightly audit read it; null where it did not see it. @param id lower case */
  readonly policy: (id: string) => Promise<SeenPolicy | null>;
  /** Null: only the remediator's API looks it up. */
  readonly makers: () => Promise<null>;
  readonly runs: RunStore;
  readonly latencies: Latencies;
  readonly accountTags: () => Promise<TagsOf>;
}

/**
 * The store that `AzureWebJobsStorage` names, in any of its forms. Nothing is read yet.
 * @param credential asked for only where the environment holds no connection string.
 * @throws StorageSettingsInvalid
 */
export function openStore(env: Environment, credential: () => TokenCredential): Store {
  const storage = connectStorage(env, { credential });
  const service = new URL(storage.tableService());
  const findingsTable = storage.table(tables.findings);
  const accounts = storage.table(tables.accounts);
  const approvals = storage.table(tables.approvals);
  const history = storage.table(tables.history);
  const runsTable = storage.table(tables.runs);
  const runs = createRunStore(runsTable);
  const collections = createRunCollections({
    estate: () => {
      throw new Error('Files of runs are read here, and no estate');
    },
    files: (place) => openRunFiles(storage.container(blobContainers.runs), place),
    now: Date.now,
  });
  return {
    host: service.host,
    isLocal: isLoopback(service),
    findings: createFindingStore(findingsTable),
    waivers: createWaiverStore(storage.table(tables.waivers)),
    outbox: createOutbox(findingsTable),
    history: createHistory(history),
    changes: createChangeHistory(history),
    formerKeys: createFormerKeys(accounts),
    accountLinks: createAccountLinks(accounts),
    accountReads: createAccountReads(accounts),
    jobs: createJobStore(storage.table(tables.jobs)),
    tasks: createTaskStore(storage.table(tables.jobs)),
    approvals: createApprovalStore(approvals),
    brakes: createBrakeStore(approvals),
    requests: createJobRequests(approvals),
    records: createWriteRecords(approvals),
    policy: async (id) => {
      const [run] = await runs.latest(1);
      if (run === undefined) return null;
      const { directory } = await collections.shared(run.id);
      const policy = itemsOf(directory.conditionalAccessPolicies).find((one) => one.id === id);
      return policy === undefined ? null : { policy, readAt: run.startedAt };
    },
    makers: () => Promise.resolve(null),
    runs,
    latencies: createLatencies(runsTable),
    accountTags: () => accountTags({ runs, collections }),
  };
}
