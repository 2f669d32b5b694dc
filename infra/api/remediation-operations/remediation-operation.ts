import type { AppRole } from '../auth/app-roles.ts';
import { operationOver } from '../operation.ts';
import type { RemediationApiPorts } from '../remediation-ports.ts';

/** An operation of the remediator's API. */
export const operation = operationOver<RemediationApiPorts>();

/** Who may look: whoever may look at findings, and whoever decides on jobs. */
export const readers = ['Findings.Read', 'Remediation.Approve'] as const satisfies readonly AppRole[];

/** Who may change anything here. */
export const deciders = 'Remediation.Approve' satisfies AppRole;
