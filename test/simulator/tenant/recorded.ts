import type { ChangeRecord } from '../../../domain/drift/conclude.ts';

/** Somebody did something: to an account, or to objects of the directory. */
export interface Recorded {
  /** ARM id of the account, lower case; null where it was done in the directory. */
  readonly accountKey: string | null;
  /** From when on the record is shown; epoch milliseconds. */
  readonly showsAt: number;
  readonly record: ChangeRecord;
}
