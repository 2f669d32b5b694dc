/**
 * What one policy does to one storage app (domain facts 3.2; outcomes in the design, mfa-excluded).
 *
 * - `violation`: every user in scope must do MFA, which a Kerberos client cannot.
 * - `conditional-users`: the same, only because the users are groups or named.
 * - `conditional`: for some roles, places, devices, platforms or risks, or by a control Kerberos cannot answer.
 * - `conditional-low`: for guests, or for clients classed as `other`.
 * - `undecided`: something that could change the answer is not known.
 * - `block`, `block-conditional`: no access at all, MFA or not.
 */
export type EffectKind =
  | 'none'
  | 'violation'
  | 'conditional-users'
  | 'conditional'
  | 'conditional-low'
  | 'undecided'
  | 'block'
  | 'block-conditional';

/** A row of the decision table that took part, and what it saw, in short words. */
export interface Reason {
  readonly row: number;
  readonly words: string;
}

export interface PolicyEffect {
  readonly kind: EffectKind;
  /** The policy only reports: `kind` is what it would do if switched on. */
  readonly latent: boolean;
  readonly microsoftManaged: boolean;
  /** The policy lists the app by its appId, so somebody meant it. */
  readonly explicit: boolean;
  /** The policy would have an effect, and has none because it excludes the app. */
  readonly spared: boolean;
  readonly reasons: readonly Reason[];
}
