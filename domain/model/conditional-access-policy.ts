import type { Json } from './verdict.ts';

/**
 * A Conditional Access policy, normalised at the edge: null, `[]`, and clientAppTypes `all` all mean "not set" and are an
 * empty list here; ids and known keywords are compared without case; unknown enum values are kept as they came.
 */
export interface ConditionalAccessPolicy {
  /** null for a policy that does not exist yet (a file in a repository). Lower case. */
  readonly id: string | null;
  readonly displayName: string;
  readonly templateId: string | null;
  /** `enabled`, `disabled`, `enabledForReportingButNotEnforced`; anything else is kept. */
  readonly state: string;
  readonly applications: PolicyApplications;
  readonly users: PolicyUsers;
  /** True when `clientApplications`, agents or service-principal risk select workload or agent identities. */
  readonly selectsWorkloadIdentities: boolean;
  /** Empty: not set, or `all` is among them. */
  readonly clientAppTypes: readonly string[];
  readonly platforms: PolicyInclusion;
  readonly locations: PolicyInclusion;
  readonly deviceFilter: PolicyFilter | null;
  readonly signInRiskLevels: readonly string[];
  readonly userRiskLevels: readonly string[];
  readonly insiderRiskLevels: readonly string[];
  /** The flags of `authenticationFlows.transferMethods`; empty: not set or `none`. */
  readonly transferMethods: readonly string[];
  /** Names of conditions that are set and that we do not know how to read (`times`, `deviceStates`, new ones). */
  readonly unreadConditions: readonly string[];
  readonly grantControls: GrantControls | null;
  /** `everyTime` when session controls ask for it, null otherwise. */
  readonly signInFrequency: string | null;
  /** What a write to the policy rests on; absent where it was not in what was read, or an older version stored it. */
  readonly asRead?: PolicyAsRead | undefined;
}

/** What a plan that writes to a policy rests on, spelled as it came. */
export interface PolicyAsRead {
  /** The members of `conditions.applications`. */
  readonly applications: Readonly<Record<string, Json>>;
  /** null: the policy was never edited. */
  readonly modifiedDateTime: string | null;
}

export interface PolicyApplications {
  /** `All`, `None`, `Office365`, …, or appIds; as on the wire. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly userActions: readonly string[];
  readonly authenticationContexts: readonly string[];
  readonly filter: PolicyFilter | null;
  /** `globalSecureAccess` or `networkAccess` is set. */
  readonly selectsNetworkAccess: boolean;
}

export interface PolicyUsers {
  /** `All`, `None`, `GuestsOrExternalUsers` or object ids. */
  readonly includeUsers: readonly string[];
  readonly excludeUsers: readonly string[];
  readonly includeGroups: readonly string[];
  readonly excludeGroups: readonly string[];
  readonly includeRoles: readonly string[];
  readonly excludeRoles: readonly string[];
  readonly includesGuests: boolean;
  readonly excludesGuests: boolean;
}

/** Include and exclude lists; both empty: not set. */
export interface PolicyInclusion {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

export interface PolicyFilter {
  /** `include` or `exclude`; unknown values are kept. */
  readonly mode: string;
  readonly rule: string;
}

export interface GrantControls {
  /** `AND` or `OR`; unknown values are kept; null where not given. */
  readonly operator: string | null;
  readonly builtInControls: readonly string[];
  readonly customAuthenticationFactors: readonly string[];
  readonly termsOfUse: readonly string[];
  readonly authenticationStrength: AuthenticationStrength | null;
}

export interface AuthenticationStrength {
  readonly id: string | null;
  readonly displayName: string | null;
  /** `builtIn`, `custom`; null where not given. */
  readonly policyType: string | null;
  /** `mfa`, `none`; unknown values are kept; null where not given. */
  readonly requirementsSatisfied: string | null;
  readonly allowedCombinations: readonly string[];
}
