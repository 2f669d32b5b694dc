/** The app roles of the API (contracts.md, Roles of the HTTP API), as tokens spell them. */
export const appRoles = ['Findings.Read', 'Findings.Write', 'Waivers.Approve', 'Remediation.Approve'] as const;
export type AppRole = (typeof appRoles)[number];
