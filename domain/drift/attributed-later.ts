import type { Actor } from '../findings/finding.ts';
import type { AttributedActor, Attribution, Confidence } from './attribution.ts';
import type { FactChange } from './fact-change.ts';

/** A change of which somebody found out who made it after it was told. Times are epoch milliseconds. */
export interface AttributedLater {
  readonly changeId: string;
  /** ARM id of the account, lower case. */
  readonly key: string;
  /** When the change was seen, and when it was found out who made it. */
  readonly at: number;
  readonly attributedAt: number;
  /** The first of them by name. */
  readonly properties: readonly string[];
  /** One, or where it cannot be told which of several, all of those; by object id alone. */
  readonly actors: readonly Actor[];
  readonly confidence: Confidence;
}

/** As it is kept: `attributedAt` is when it was found out, absent in what an older version wrote. */
interface Attributed {
  readonly changeId: string;
  readonly key: string;
  readonly attribution: Attribution;
  readonly attributedAt?: number | undefined;
}

/** An app that came brings as many facts as it has; a digest names a few. */
const propertiesNamed = 10;
const actorsNamed = 10;

/** What a digest says of an attribution; null for one that names nobody, or whose time is not kept. */
export function attributedLater(change: FactChange, stored: Attributed): AttributedLater | null {
  const { attribution, attributedAt, changeId, key } = stored;
  const { actor, candidates, confidence } = attribution;
  const named = (candidates.length > 0 ? candidates.map((one) => one.actor) : [actor]).filter(isSomebody);
  if (attributedAt === undefined || named.length === 0) return null;
  const actors = new Map(named.map(({ kind, objectId }) => [`${kind} ${objectId ?? ''}`, { kind, objectId }]));
  return {
    changeId,
    key,
    at: change.at,
    attributedAt,
    properties: change.properties.slice(0, propertiesNamed).map(({ property }) => property),
    actors: [...actors.values()].slice(0, actorsNamed),
    confidence,
  };
}

function isSomebody({ kind }: AttributedActor): boolean {
  return kind !== 'unknown';
}
