import { acknowledgeFinding } from './acknowledge-finding.ts';
import { approveWaiver } from './approve-waiver.ts';
import { createWaiver } from './create-waiver.ts';
import { getCoverage } from './get-coverage.ts';
import { getFinding } from './get-finding.ts';
import { getFindingHistory } from './get-finding-history.ts';
import { getOpenApi } from './get-open-api.ts';
import { getRun } from './get-run.ts';
import { getRunCoverage } from './get-run-coverage.ts';
import { getWaiver } from './get-waiver.ts';
import { listFindings } from './list-findings.ts';
import { listRules } from './list-rules.ts';
import { listRuns } from './list-runs.ts';
import { listWaivers } from './list-waivers.ts';
import { removeWaiver } from './remove-waiver.ts';
import { withdrawAcknowledgement } from './withdraw-acknowledgement.ts';

/** Every operation of the API by its id, in the order of its description. */
export const operations = {
  listFindings,
  getFinding,
  getFindingHistory,
  acknowledgeFinding,
  withdrawAcknowledgement,
  listWaivers,
  createWaiver,
  getWaiver,
  removeWaiver,
  approveWaiver,
  listRuns,
  getRun,
  getRunCoverage,
  getCoverage,
  listRules,
  getOpenApi,
} as const;
