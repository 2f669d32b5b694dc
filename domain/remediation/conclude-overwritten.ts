import type { ChangeRecord } from '../drift/conclude.ts';
import { clocksApartMs } from '../model/clocks-apart.ts';
import type { Json } from '../model/verdict.ts';
import { type Pointers, sameValue, valueAt } from './guarded-values.ts';
import { claimMs, type JobWrite } from './job-progress.ts';
import type { PlannedCall, PlanTarget } from './plan.ts';
import { recordedValue } from './recorded-values.ts';

export type Concluded =
  | { readonly kind: 'none' }
  | { readonly kind: 'found'; readonly wanted: Pointers; readonly found: Pointers; readonly by: string | null }
  | { readonly kind: 'unknown'; readonly why: string }
  /** The records that tell may still come. */
  | { readonly kind: 'not-yet'; readonly why: string };

export interface RecordedWrite {
  readonly target: PlanTarget;
  readonly call: PlannedCall;
  readonly write: JobWrite;
  /** Object id of whoever wrote. */
  readonly actor: string;
}

/**
 * Whether a write replaced what nobody had read, as far as the records of Entra tell. The record of the write itself says
 * what was there right before: where that is neither what was read nor what was written, somebody else wrote in between.
 * Where it does not say, what others did in that time is looked at.
 */
export function concludeOverwritten(about: RecordedWrite, records: readonly ChangeRecord[]): Concluded {
  const { call, write } = about;
  const written = writtenBy(call);
  const own = ownRecord(about, written, records);
  if (own === null) return { kind: 'not-yet', why: 'Entra shows no record of the write itself' };
  const others = records
    .filter(({ at, actor }) => at >= write.intendedAt - clocksApartMs && at <= own.at && actor.objectId !== about.actor)
    .sort((a, b) => a.at - b.at);
  const found: Record<string, Json> = {};
  let unsaid = false;
  for (const [pointer, wanted] of Object.entries(written)) {
    // A list that is not there is empty.
    const before = (valueAt(write.before, pointer) ?? (Array.isArray(wanted) ? [] : null)) as Json;
    const was = recordedValue(own, about.target.type, pointer, 'was') ?? lastOf(others, about, pointer);
    if (was === undefined) unsaid = true;
    else if (!sameValue(was, before) && !sameValue(was, wanted)) found[pointer] = was;
  }
  const by = others.at(-1)?.actor.objectId ?? null;
  if (Object.keys(found).length > 0) {
    const wanted = Object.fromEntries(Object.entries(written).filter(([pointer]) => pointer in found));
    return { kind: 'found', wanted, found, by };
  }
  if (!unsaid) return { kind: 'none' };
  if (others.length === 0) return { kind: 'not-yet', why: 'The record of the write does not say what it replaced' };
  const who = by === null ? 'Somebody' : `The object ${by}`;
  return { kind: 'unknown', why: `${who} changed it in the same minutes, and the records do not say which value` };
}

/** What the call replaces, by JSON pointer; lists that it sends along as they were are among it. */
function writtenBy({ body, reads: { afterwards = {} } }: PlannedCall): Pointers {
  return Object.fromEntries(Object.entries(afterwards).filter(([pointer]) => valueAt(body, pointer) !== null));
}

/** Of the records of whoever wrote, the one nearest in time that does not say that it wrote something else. */
function ownRecord(
  { target, write, actor }: RecordedWrite,
  written: Pointers,
  records: readonly ChangeRecord[],
): ChangeRecord | null {
  const until = (write.takenAt ?? write.intendedAt + claimMs) + clocksApartMs;
  const isOther = (record: ChangeRecord): boolean =>
    Object.entries(written).some(([pointer, wanted]) => {
      const became = recordedValue(record, target.type, pointer, 'became');
      return became !== undefined && !sameValue(became, wanted);
    });
  const distance = ({ at }: ChangeRecord): number => Math.abs(at - (write.takenAt ?? write.intendedAt));
  const [nearest] = records
    .filter((one) => one.actor.objectId === actor && one.at >= write.intendedAt - clocksApartMs && one.at <= until)
    .filter((one) => !isOther(one))
    .sort((a, b) => distance(a) - distance(b));
  return nearest ?? null;
}

/** What the last of these records says the value became. */
function lastOf(records: readonly ChangeRecord[], { target }: RecordedWrite, pointer: string): Json | undefined {
  return records
    .map((record) => recordedValue(record, target.type, pointer, 'became'))
    .filter((value) => value !== undefined)
    .at(-1);
}
