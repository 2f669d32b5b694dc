import { type AttributedActor, type Attribution, type Candidate, unattributed } from './attribution.ts';
import { canHaveChanged } from './entra-acts.ts';
import { fileServicePrefix } from './fact-names.ts';
import { factTargets } from './fact-targets.ts';
import type { FactValue } from './fact-values.ts';
import type { FactChange, PropertyChange } from './fact-change.ts';

/** One record that Azure or Entra keeps of a change. */
export interface ChangeRecord {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly actor: AttributedActor;
  readonly correlationId: string | null;
  readonly operation: string | null;
  readonly source: 'resource-changes' | 'directory-audits';
  /** What it changed: paths of properties (with what they were, as text), or object ids in Entra; any case. */
  readonly touched: readonly TouchedName[];
}

export interface TouchedName {
  readonly name: string;
  readonly before: string | null;
  /** Of an object in Entra: the properties that the record says it changed; absent where it does not say. */
  readonly modified?: readonly string[];
  /** What some of these were and became, as the record spells it; never stored. Absent where it does not say. */
  readonly values?: Readonly<Record<string, { readonly was: string | null; readonly became: string | null }>>;
}

/** That a record touched a property. */
interface Touch {
  readonly record: ChangeRecord;
  /** What the property was, as the record has it; null where it does not say. */
  readonly before: string | null;
  /** Whether that is what was seen before the change. */
  readonly foundIt: boolean;
  /** Whether it can prove who did it: it is of an act that changes such a property, from before the change was read. */
  readonly mayProve: boolean;
}

/** What a list shows is minutes old: how long before the former look something was done that this one shows first. */
const lagMs = 10 * 60_000;
/** How long after the facts were read somebody may have done it who is worth naming: the reading takes minutes. */
const namedAfterMs = 10 * 60_000;
/** How far the clock of the records may be ahead: what was done later than this after the facts were read is not in them. */
const skewMs = 10_000;

/**
 * Who made a change, as far as the records prove it. Several who may have are all named, and none of them as the one. What
 * came after the facts were read, or is not known to change such a property, proves nothing: its own record may be to come.
 * @param last no more records will be waited for.
 * @returns null where the records do not tell, or not yet.
 */
export function concludeFrom(
  change: FactChange,
  records: readonly ChangeRecord[],
  { last }: { readonly last: boolean },
): Attribution | null {
  const inTime = records
    .filter(({ at }) => at >= change.since - lagMs && at <= change.at + namedAfterMs)
    .sort((a, b) => a.at - b.at);
  const byProperty = change.properties.map((property) => decidingTouches(property, change, inTime));
  const deciding = inTime.filter((found) =>
    byProperty.some((touches) => touches.some(({ record }) => record === found)),
  );
  const latest = deciding.at(-1);
  if (latest === undefined) return null;
  const complete = byProperty.every((touches) => isProof(touches, change, last));
  if (!complete && !last) return null;
  const actors = new Set(deciding.map(({ actor }) => identityOf(actor)));
  if (complete && actors.size === 1) return named(latest, change);
  return { ...unattributed, source: latest.source, candidates: deciding.map(candidateOf) };
}

/** A record that does not know who did it proves nobody; what an event claimed stays likely. */
function named({ actor, at, correlationId, operation, source }: ChangeRecord, change: FactChange): Attribution {
  const record = { at, correlationId, operation };
  if (actor.kind === 'unknown') return { ...change.attribution, ...record };
  return { confidence: 'proved', actor, source, ...record, candidates: [] };
}

/**
 * The records that made the property what it is: of those that touched it the last, and those before it back to the one
 * that found it as it was before. What was changed and changed back earlier is of no account, and where some may prove it,
 * the others are not.
 */
function decidingTouches(
  property: PropertyChange,
  change: FactChange,
  records: readonly ChangeRecord[],
): readonly Touch[] {
  const targets = factTargets(property, change).map((name) => name.toLowerCase());
  const touches = records.flatMap((record): readonly Touch[] => {
    const own = record.touched.filter(({ name }) => targets.some((target) => isTouched(target, name.toLowerCase())));
    const [touch] = own;
    if (touch === undefined) return [];
    const act = { operation: record.operation, modified: own.flatMap(({ modified = [] }) => modified) };
    const isSuchAnAct = change.part !== 'directory' || canHaveChanged(property, act);
    const mayProve = isSuchAnAct && record.at <= change.at + skewMs;
    return [{ record, before: touch.before, foundIt: isValue(touch.before, property.before), mayProve }];
  });
  const proving = touches.filter(({ mayProve }) => mayProve);
  if (proving.length === 0) return touches;
  return proving.slice(
    Math.max(
      proving.findLastIndex(({ foundIt }) => foundIt),
      0,
    ),
  );
}

function isProof(touches: readonly Touch[], change: FactChange, last: boolean): boolean {
  return touches.length > 0 && touches.every(({ mayProve }) => mayProve) && isOwn(touches, change, last);
}

/**
 * Whether the records are those of this change. One from before the last look may be that of the change before, while this
 * one's own is still to come: it counts when it found the property as it was, and where it does not say, when no more come.
 */
function isOwn(touches: readonly Touch[], { since }: FactChange, last: boolean): boolean {
  if (touches[0]?.foundIt === true) return true;
  return touches.every(({ record, before }) => record.at >= since || (last && before === null));
}

/** A path touches itself, what is below it, and what it is below. Object ids are equal or not. */
function isTouched(target: string, name: string): boolean {
  return name === target || isBelow(name, target) || isBelow(target, name);
}

function isBelow(path: string, other: string): boolean {
  return path.startsWith(`${other}.`) || path.startsWith(`${other}[`);
}

/** Values of records are text, and `null` is a word in them. Lists are not compared. */
function isValue(text: string | null, value: FactValue): boolean {
  if (text === null || (typeof value === 'object' && value !== null)) return false;
  return text.toLowerCase() === String(value).toLowerCase();
}

function candidateOf({ actor, at, correlationId, operation }: ChangeRecord): Candidate {
  return { actor, at, correlationId, operation };
}

function identityOf({ kind, objectId, userPrincipalName }: AttributedActor): string {
  return `${kind} ${(objectId ?? userPrincipalName ?? '').toLowerCase()}`;
}

/** The ARM id whose change records concern the part; null for what lives in Entra, and for what has none. */
export function resourceIdOf({ key, part }: FactChange): string | null {
  switch (part) {
    case 'account':
      return key;
    case 'file-service':
      return `${key}/${fileServicePrefix.slice(0, -1)}`;
    case 'access':
    case 'directory':
      return null;
  }
}
