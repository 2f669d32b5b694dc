import type { WireObject } from '../azure/wire-object.ts';
import { guidFor } from './names.ts';

/** What one policy has of its own; the rest is as the portal leaves it. */
export interface PolicyParts {
  readonly name: string;
  readonly state?: 'disabled' | 'enabledForReportingButNotEnforced';
  readonly applications: WireObject;
  readonly users: WireObject;
  readonly grant: WireObject | null;
  readonly session?: WireObject;
  readonly conditions?: WireObject;
}

/** The policy as Graph v1.0 returns it, every member there. A policy that was never edited has no modifiedDateTime. */
export function policy(parts: PolicyParts, created: Date, modified: Date): WireObject {
  return {
    id: guidFor(`policy/${parts.name}`),
    templateId: null,
    displayName: parts.name,
    createdDateTime: created.toISOString(),
    modifiedDateTime: parts.state === 'disabled' ? null : modified.toISOString(),
    state: parts.state ?? 'enabled',
    conditions: {
      userRiskLevels: [],
      signInRiskLevels: [],
      servicePrincipalRiskLevels: [],
      insiderRiskLevels: null,
      clientAppTypes: ['all'],
      platforms: null,
      locations: null,
      devices: null,
      clientApplications: null,
      authenticationFlows: null,
      applications: {
        includeApplications: [],
        excludeApplications: [],
        includeUserActions: [],
        includeAuthenticationContextClassReferences: [],
        applicationFilter: null,
        ...parts.applications,
      },
      users: {
        includeUsers: [],
        excludeUsers: [],
        includeGroups: [],
        excludeGroups: [],
        includeRoles: [],
        excludeRoles: [],
        includeGuestsOrExternalUsers: null,
        excludeGuestsOrExternalUsers: null,
        ...parts.users,
      },
      ...parts.conditions,
    },
    grantControls: parts.grant === null ? null : grantControls(parts.grant),
    sessionControls:
      parts.session === undefined
        ? null
        : {
            disableResilienceDefaults: null,
            applicationEnforcedRestrictions: null,
            cloudAppSecurity: null,
            persistentBrowser: null,
            ...parts.session,
          },
  };
}

function grantControls(grant: WireObject): WireObject {
  return { customAuthenticationFactors: [], termsOfUse: [], authenticationStrength: null, ...grant };
}
