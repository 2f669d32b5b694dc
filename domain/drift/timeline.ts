import type { StoredAttribution } from '../audit/drift-ports.ts';
import type { FindingStanding, Transition } from '../findings/finding.ts';
import { inOrder } from '../findings/in-order.ts';
import { attributionOf, changeAttribution } from './attribute-transition.ts';
import type { AttributedActor, Attribution, Confidence } from './attribution.ts';
import type { FactChange } from './fact-change.ts';
import type { FactValue } from './fact-values.ts';

/** All that history holds of one account. */
export interface HistoryEntries {
  readonly transitions: readonly Transition[];
  readonly changes: readonly FactChange[];
  readonly attributions: readonly StoredAttribution[];
}

/** One line of an account's history, in words; an ISO time is in UTC. */
export interface TimelineEntry {
  /** When it was seen, epoch milliseconds. */
  readonly at: number;
  /** When the record of who did it says that it was done; null where there is none. */
  readonly doneAt: number | null;
  readonly what: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly who: string;
  readonly confidence: Confidence;
  readonly correlationId: string | null;
  /** Id of the finding that moved; null for a fact. */
  readonly finding: string | null;
}

/** An account's history, oldest first, each finding's by their numbers; at one time what changed comes before what it did to findings. */
export function timelineOf({ transitions, changes, attributions }: HistoryEntries): readonly TimelineEntry[] {
  const byChange = new Map(attributions.map((stored) => [stored.changeId, stored.attribution]));
  const facts = changes.flatMap((change) =>
    factLines(change, (property) => changeAttribution(change, property, byChange.get(change.id), transitions)),
  );
  const findings = transitions.map((transition) => ({
    line: findingLine(transition, attributionOf(transition, attributions)),
    transition,
  }));
  const lines = [...facts.map((line) => ({ line, transition: null })), ...findings];
  return inOrder(
    lines,
    ({ line }) => line.at,
    ({ transition }) => transition,
  ).map(({ line }) => line);
}

function factLines(change: FactChange, attributionFor: (property: string) => Attribution): readonly TimelineEntry[] {
  return change.properties.map(({ property, before, after }) => ({
    at: change.at,
    what: property,
    before: factText(before),
    after: factText(after),
    ...whoDidIt(attributionFor(property)),
    finding: null,
  }));
}

function findingLine(transition: Transition, attribution: Attribution): TimelineEntry {
  const { at, rule, kind, before, after, findingId } = transition;
  return {
    at,
    what: `${rule} ${kind}`,
    before: before === null ? null : standingText(before),
    after: standingText(after),
    ...whoDidIt(attribution),
    finding: findingId,
  };
}

function whoDidIt(attribution: Attribution): Pick<TimelineEntry, 'doneAt' | 'who' | 'confidence' | 'correlationId'> {
  const { actor, candidates, confidence, correlationId, at } = attribution;
  const several = [...new Set(candidates.map((candidate) => actorText(candidate.actor)))];
  const who = several.length === 0 ? actorText(actor) : `unknown: ${several.join(' or ')}`;
  return { doneAt: at, who, confidence, correlationId };
}

function actorText({ kind, objectId, userPrincipalName }: AttributedActor): string {
  const name = userPrincipalName ?? objectId;
  return name === null ? kind : `${kind} ${name}`;
}

function factText(value: FactValue): string | null {
  if (value === null) return null;
  if (typeof value !== 'object') return String(value);
  return value.length === 0 ? 'none' : value.join(', ');
}

function standingText({ state, outcome, severity }: FindingStanding): string {
  return `${state}, ${outcome}, ${severity}`;
}
