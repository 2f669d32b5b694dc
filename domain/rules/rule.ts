import type { Collection, CollectionName } from '../model/collection.ts';
import type { Collision } from '../model/collision.ts';
import type { Coverage } from '../model/coverage.ts';
import type { Settings } from '../model/settings.ts';
import type { StorageAccount } from '../model/storage-account.ts';
import type { Severity, Verdict } from '../model/verdict.ts';
import type { Directory } from './directory.ts';
import type { Resources } from './resources.ts';

/** What a rule about one account may look at. Time is an argument: epoch milliseconds, UTC. */
export interface RuleContext {
  readonly account: StorageAccount;
  readonly directory: Directory;
  readonly resources: Resources;
  readonly settings: Settings;
  readonly now: number;
}

/** What a rule about the tenant may look at. Time is an argument: epoch milliseconds, UTC. */
export interface TenantContext {
  readonly directory: Directory;
  /** Every account seen, those that settings leave out of scope too. */
  readonly storageAccounts: Collection<StorageAccount>;
  readonly accountNames: AccountNames;
  /** Apps that the directory shows and that are gone since; absent: nobody asked. */
  readonly goneApps?: ReadonlySet<string> | undefined;
  readonly settings: Settings;
  readonly now: number;
}

/** What a rule about the audit's own work may look at. */
export interface OperationContext {
  /** The ledger of the run, each collection and place once. */
  readonly coverage: readonly Coverage[];
  /** What the remediator told of; absent in a run, which sees none. */
  readonly collisions?: readonly Collision[] | undefined;
}

/** Whether a storage account of that name exists anywhere in the cloud, lower case; null: nobody asked, or no answer. */
export type AccountNames = (name: string) => 'taken' | 'free' | null;

interface RuleBase {
  readonly id: string;
  /** What is true when all is well. */
  readonly statement: string;
  readonly why: string;
  /** Severity of a fail, and of an unknown. */
  readonly severity: Severity;
  /** What it reads; with one of these unavailable it may answer unknown, nothing else. */
  readonly needs: readonly CollectionName[];
  /** What it reads where it can; without it the verdict is less sure, and coverage is whole all the same. */
  readonly helpedBy: readonly CollectionName[];
  /** What a person sees when it is broken, null where nothing shows. */
  readonly symptom: string | null;
  readonly remediation: { readonly summary: string; readonly action: string | null };
  /** Thresholds that settings may change, with their defaults. */
  readonly thresholds: Readonly<Record<string, number>>;
}

/** A rule that is judged once for each account. */
export interface AccountRule extends RuleBase {
  readonly about: 'account';
  evaluate(context: RuleContext): Verdict;
}

/** A rule that is judged once for the tenant, by subject. */
export interface TenantRule extends RuleBase {
  readonly about: 'tenant';
  evaluate(context: TenantContext): TenantVerdicts;
}

/** A rule about the audit's own work, judged once for a run against those before it; a single audit knows nothing of it. */
export interface OperationRule extends RuleBase {
  readonly about: 'operation';
  evaluate(context: OperationContext): TenantVerdicts;
}

export interface TenantVerdicts {
  /** What stands out, each under its own subject (an id, lower case); subjects are distinct, their order does not count. */
  readonly subjects: readonly SubjectVerdict[];
  /** What holds for everything that no subject names. `pass` closes what was found before and is not named any more. */
  readonly others: Verdict;
}

export interface SubjectVerdict {
  readonly subject: string;
  readonly verdict: Verdict;
}

export type Rule = AccountRule | TenantRule | OperationRule;
