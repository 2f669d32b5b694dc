import type { LocalActor } from '../azure/caller.ts';
import type { AppRole } from '../../api/auth/app-roles.ts';

/** Somebody of the sample tenant who uses the API. */
export interface LocalPerson extends LocalActor {
  /** What a token is asked by. */
  readonly name: string;
  readonly roles: readonly AppRole[];
}

/** The client that all of them sign in with, as if by the command line. */
const commandLine = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';

/** Who changes what is said about findings. */
export const operator: LocalPerson = {
  name: 'operator',
  objectId: '2b6f7a10-93c4-4f0e-8a57-0d6c1e5b9a41',
  appId: commandLine,
  upn: 'operator@contoso.example',
  roles: ['Findings.Read', 'Findings.Write'],
};

/** Another person than the operator, which an approval takes. */
export const approver: LocalPerson = {
  name: 'approver',
  objectId: '8e1d4c72-5a39-4b86-9f20-7c3b6d0e1f52',
  appId: commandLine,
  upn: 'approver@contoso.example',
  roles: ['Findings.Read', 'Waivers.Approve', 'Remediation.Approve'],
};

/** Who switches actions on in the sample settings: may approve what others ask for, and nothing of their own. */
export const securityLead: LocalPerson = {
  name: 'security-lead',
  objectId: '5f30b9d4-6e27-4c18-a0d9-41b7c82e6a05',
  appId: commandLine,
  upn: 'security-lead@contoso.example',
  roles: ['Findings.Read', 'Remediation.Approve'],
};

/** Who may look, and change nothing. */
const auditor: LocalPerson = {
  name: 'auditor',
  objectId: 'c47a9e63-1f08-4d2b-b6e5-5e8f2a7d3b63',
  appId: commandLine,
  upn: 'auditor@contoso.example',
  roles: ['Findings.Read'],
};

export const people: readonly LocalPerson[] = [operator, approver, securityLead, auditor];
