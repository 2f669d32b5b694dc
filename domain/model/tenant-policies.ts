/** The tenant's security defaults (Graph `identitySecurityDefaultsEnforcementPolicy`). */
export interface SecurityDefaults {
  /** null: the answer does not say. */
  readonly isEnabled: boolean | null;
}

/**
 * The tenant's default app management policy, as far as it concerns passwords of service principals (Graph
 * `tenantAppManagementPolicy`, domain facts 0.5).
 */
export interface AppManagementPolicy {
  /** null: the answer does not say. */
  readonly isEnabled: boolean | null;
  readonly servicePrincipalPasswordRestrictions: readonly PasswordRestriction[];
}

export interface PasswordRestriction {
  /** `symmetricKeyAddition`, `symmetricKeyLifetime`, `passwordAddition`, …; unknown values are kept. */
  readonly type: string;
  /** `enabled`, `disabled`; unknown values are kept; null where not said. */
  readonly state: string | null;
  /** ISO 8601 duration as written, null where not set. */
  readonly maxLifetime: string | null;
  /** Applies to what was made after this instant, epoch milliseconds; null: to all. */
  readonly appliesAfter: number | null;
}
