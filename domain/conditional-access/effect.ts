/**
 * What one policy does to one storage app (domain facts 3.2; outcomes in the design, mfa-excluded).
 *
 * - `violation`: every user in scope must do MFA, which a Kerberos client cannot.
 * - `conditional-users`: the same, only because the users are groups or named.
 * - `conditional`: for some roles, places, devices, platforms or risks, or by a control Kerberos cannot answer.
 * - `conditional-low`: for guests, or for clients classed as `other`.
 * - `undecided`: something that could change the answer is not known; `demand` says what is at stake.
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
  /**
   * What the policy asks of those it reaches: `mfa` (or a control that Kerberos cannot answer either), `block`, `either`
   * where a control is not known, `nothing` that stops a mount.
   */
  readonly demand: 'mfa' | 'block' | 'either' | 'nothing';
  /** The policy only reports: `kind` is what it would do if switched on. */
  readonly latent: boolean;
  readonly microsoftManaged: boolean;
  /** The policy lists the app by its appId, so somebody meant it. */
  readonly explicit: boolean;
  /** The policy would have an effect, and has none because it excludes the app, by its appId or by a filter. */
  readonly spared: boolean;
  /** The policy may reach the app and asks for a new sign-in every time (row 24): a note, never an outcome. */
  readonly everyTime: boolean;
  /** The permission that would decide what is undecided; null where none would, or nothing is. */
  readonly needs: string | null;
  readonly reasons: readonly Reason[];
}
