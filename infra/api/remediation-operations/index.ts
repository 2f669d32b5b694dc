import { getBrakes, releaseStoppedAction, setKillSwitch } from './brakes.ts';
import { approveJobOperation, rejectJobOperation } from './decision.ts';
import { getJob } from './get-job.ts';
import { getMetrics } from './get-metrics.ts';
import { getOpenApi } from '../operations/get-open-api.ts';
import { listJobs } from './list-jobs.ts';
import { listTasks } from './list-tasks.ts';
import { requeueJobOperation } from './requeue-job.ts';
import { undoJobOperation } from './undo-job.ts';
import { listDeadLetters, listRejected, requeueDeadLetter, requeueRejected } from './set-aside.ts';

/** Every operation of the remediator's API by its id, in the order of its description. */
export const remediationOperations = {
  listJobs,
  getJob,
  approveJob: approveJobOperation,
  rejectJob: rejectJobOperation,
  requeueJob: requeueJobOperation,
  undoJob: undoJobOperation,
  getMetrics,
  listTasks,
  getBrakes,
  setKillSwitch,
  releaseStoppedAction,
  listDeadLetters,
  requeueDeadLetter,
  listRejected,
  requeueRejected,
  getOpenApi,
} as const;
