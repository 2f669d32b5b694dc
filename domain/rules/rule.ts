import type { CollectionName } from '../model/collection.ts';
import type { Settings } from '../model/settings.ts';
import type { StorageAccount } from '../model/storage-account.ts';
import type { Severity, Verdict } from '../model/verdict.ts';
import type { Directory } from './directory.ts';

/** What a rule may look at. Time is an argument: epoch milliseconds, UTC. */
export interface RuleContext {
  readonly account: StorageAccount;
  readonly directory: Directory;
  readonly settings: Settings;
  readonly now: number;
}

/** One rule: its statement is what is true when all is well. */
export interface Rule {
  readonly id: string;
  readonly statement: string;
  readonly why: string;
  /** Severity of a fail, and of an unknown. */
  readonly severity: Severity;
  /** What it reads; with one of these unavailable it may answer unknown, nothing else. */
  readonly needs: readonly CollectionName[];
  /** What a person sees when it is broken, null where nothing shows. */
  readonly symptom: string | null;
  readonly remediation: { readonly summary: string; readonly action: string | null };
  /** Thresholds that settings may change, with their defaults. */
  readonly thresholds: Readonly<Record<string, number>>;
  evaluate(context: RuleContext): Verdict;
}
