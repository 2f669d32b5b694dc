import type { StoredAttribution } from '../audit/drift-ports.ts';
import type { Cause, FindingStanding, Transition } from '../findings/finding.ts';
import {
  type AttributedActor,
  type Attribution,
  attributionBy,
  type Candidate,
  type Confidence,
  nobody,
  unattributed,
} from './attribution.ts';
import type { FactChange } from './fact-change.ts';
import { explains, looksAtEntra } from './facts-of-rules.ts';
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

/** An account's history, oldest first; at one time what changed comes before what it did to findings. */
export function timelineOf({ transitions, changes, attributions }: HistoryEntries): readonly TimelineEntry[] {
  const byChange = new Map(attributions.map((stored) => [stored.changeId, stored.attribution]));
  const facts = changes.flatMap((change) => factLines(change, byChange.get(change.id) ?? change.attribution));
  const findings = transitions.map((transition) =>
    findingLine(transition, attributionOf(transition, { changes, attributions })),
  );
  const lines = [...facts, ...findings].map((line) => ({ line, place: line.finding === null ? 0 : 1 }));
  return lines.sort((a, b) => a.line.at - b.line.at || a.place - b.place).map(({ line }) => line);
}

/**
 * Who brought a transition about: by the records of the changes that explain it, else by what was known of those changes
 * when they were noticed, else by what its cause says. One of several is nobody's proof.
 */
export function attributionOf(
  transition: Transition,
  { changes, attributions }: Omit<HistoryEntries, 'transitions'>,
): Attribution {
  const { key, rule, number, cause } = transition;
  const recorded = attributions
    .filter(
      (stored) => stored.key === key && stored.transitions.some((one) => one.rule === rule && one.number === number),
    )
    .map(({ attribution }) => attribution);
  if (recorded.length > 0) return commonOf(recorded);
  const noticed = changes
    .filter((change) => change.key === key && sameCause(change.cause, cause) && explains(change, rule))
    .map(({ attribution }) => attribution);
  if (noticed.length > 0) return commonOf(noticed);
  if (cause.kind === 'person')
    return { ...unattributed, confidence: 'likely', actor: { ...cause.actor, userPrincipalName: null } };
  return looksAtEntra(rule) ? unattributed : attributionBy(cause);
}

/** The attribution that all have; where they differ, everybody in them is a candidate. */
function commonOf(found: readonly Attribution[]): Attribution {
  const [first] = found;
  const alike = found.every(
    ({ actor, confidence }) => sameActor(actor, first?.actor ?? nobody) && confidence === first?.confidence,
  );
  if (first !== undefined && alike) return first;
  return { ...unattributed, candidates: found.flatMap(candidatesOf).sort((a, b) => a.at - b.at) };
}

function sameCause(a: Cause, b: Cause): boolean {
  return a.kind === b.kind && a.id === b.id;
}

function candidatesOf({ actor, at, correlationId, operation, candidates }: Attribution): readonly Candidate[] {
  if (actor.kind === 'unknown') return candidates;
  return [{ actor, at: at ?? 0, correlationId, operation }];
}

function sameActor(a: AttributedActor, b: AttributedActor): boolean {
  return a.kind === b.kind && a.objectId === b.objectId && a.userPrincipalName === b.userPrincipalName;
}

function factLines(change: FactChange, attribution: Attribution): readonly TimelineEntry[] {
  return change.properties.map(({ property, before, after }) => ({
    at: change.at,
    what: property,
    before: factText(before),
    after: factText(after),
    ...whoDidIt(attribution),
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
