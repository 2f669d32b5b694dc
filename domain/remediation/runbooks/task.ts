import type { StorageAccount } from '../../model/storage-account.ts';
import type { Command } from './shell.ts';

/** What a person does where no plan may: written for this account or this object of the tenant. */
export interface ManualTask {
  /** Which runbook it was written from. */
  readonly runbook: string;
  readonly title: string;
  /** Why nothing is done automatically, in a sentence. */
  readonly why: string;
  readonly about: {
    readonly account: { readonly id: string; readonly name: string } | null;
    /** The object of the tenant; null for a task about an account. */
    readonly subject: string | null;
  };
  /** Who may do it. */
  readonly rights: string;
  /** What does not work while it is being done; a sentence. */
  readonly breaks: string;
  /** In order. */
  readonly steps: readonly RunbookStep[];
}

export interface RunbookStep {
  readonly does: string;
  /** The same in each shell; one of them is enough. Empty where nothing is typed. */
  readonly commands: readonly Command[];
  /** What to look at before going on. */
  readonly check: string;
  /** How to take the step back. */
  readonly back: string;
}

export function aboutAccount({ id, name }: StorageAccount): ManualTask['about'] {
  return { account: { id, name }, subject: null };
}

export function aboutSubject(subject: string): ManualTask['about'] {
  return { account: null, subject };
}

export const nothingToTakeBack = 'Nothing was changed.';
