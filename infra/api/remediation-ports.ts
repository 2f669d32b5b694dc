import type { JobStore, Messages } from '../../domain/audit/ports.ts';
import type { Settings } from '../../domain/model/settings.ts';
import type { ApprovalStore } from '../../domain/remediation/approval.ts';
import type { JobRequests } from '../../domain/remediation/job-request.ts';
import type { WriteRecords } from '../../domain/remediation/write-record.ts';
import type { BrakeStore } from '../../domain/remediation/brakes.ts';
import type { JobViewPorts } from '../../domain/remediation/job-view.ts';
import type { TaskStore } from '../../domain/remediation/repair-task.ts';
import type { SetAside } from '../../domain/remediation/set-aside.ts';
import type { OpenApiDocument } from './ports.ts';

/** What operations of the remediator's API work over. Findings are read and never written. */
export interface RemediationApiPorts extends JobViewPorts {
  readonly jobs: JobStore;
  readonly approvals: ApprovalStore;
  readonly brakes: BrakeStore;
  readonly requests: JobRequests;
  readonly records: WriteRecords;
  readonly tasks: Pick<TaskStore, 'find' | 'list'>;
  readonly messages: Messages;
  readonly setAside: SetAside;
  readonly settings: Settings;
  readonly openApi: () => OpenApiDocument;
}
