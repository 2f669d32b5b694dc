import type { Severity } from './verdict.ts';

/** Names the accounts an entry is about: all that are given must hold, case ignored, `*` is a wildcard. */
export interface AccountMatch {
  readonly subscription?: string | undefined;
  readonly resourceGroup?: string | undefined;
  readonly name?: string | undefined;
  readonly tag?: Readonly<Record<string, string>> | undefined;
}

export type ActionMode = 'off' | 'dry-run' | 'approve' | 'auto';

export interface RuleSettings {
  readonly enabled: boolean;
  /** Replaces the severity of a fail; warn tiers stay, never above it. */
  readonly severity: Severity | null;
  readonly thresholds: Readonly<Record<string, number>>;
}

export interface WebhookChannel {
  readonly channel: 'webhook';
  readonly url: string;
  /** Name of the app setting that holds the signing secret: the secret itself is never in the settings. */
  readonly secretSetting: string;
  readonly minimumSeverity: Severity;
}

/** For how long what is stored is kept, in days of 24 hours. */
export interface Retention {
  readonly historyDays: number;
  readonly runsDays: number;
  readonly inboxDays: number;
  readonly resolvedFindingsDays: number;
}

/** A part of the day in which nothing is written, in minutes from midnight UTC; `from` after `to` goes over midnight. */
export interface QuietHours {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

/** What keeps remediation from making things worse at scale. */
export interface BrakeSettings {
  /** True: nothing is written, whatever the store says. */
  readonly killSwitch: boolean;
  readonly writesPerHourPerAction: number;
  /** Of all actions together, in the whole tenant. */
  readonly writesPerHour: number;
  /** After so many failures in a row an action stops until a person releases it. */
  readonly stopAfterFailures: number;
  readonly quietHours: readonly QuietHours[];
  /** For how long an approval holds. */
  readonly approvalHours: number;
  /** Object ids of those who switched the actions on, in lower case: none of them approves. */
  readonly requesters: readonly string[];
}

export interface Settings {
  readonly scope: {
    readonly managementGroups: readonly string[];
    readonly subscriptions: readonly string[];
    readonly exclude: readonly AccountMatch[];
  };
  readonly rules: Readonly<Record<string, RuleSettings>>;
  /** Accounts whose shares people without an on-premises identity use; the first match wins, so an empty list is none. */
  readonly cloudOnlyUsers: readonly AccountMatch[];
  readonly expectedSource: readonly { readonly match: AccountMatch; readonly source: string }[];
  readonly remediation: Readonly<Record<string, ActionMode>>;
  readonly alerts: readonly WebhookChannel[];
  readonly waivers: {
    /** Whether a waiver holds only once another person has approved it. */
    readonly requireApproval: boolean;
    /** How many days before its end a waiver's end is announced. */
    readonly warnDays: number;
  };
  readonly brakes: BrakeSettings;
  readonly watch: { readonly debounceSeconds: number };
  readonly retention: Retention;
  readonly privacy: {
    /** Whether user principal names are kept beside object ids. */
    readonly userPrincipalName: boolean;
  };
}
