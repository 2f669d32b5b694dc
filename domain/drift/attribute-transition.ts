import type { Actor, Transition } from '../findings/finding.ts';
import {
  type AttributedActor,
  type Attribution,
  type Candidate,
  type Confidence,
  nobody,
  unattributed,
} from './attribution.ts';
import type { FactChange } from './fact-change.ts';
import { isOwnFact, looksAtEntra } from './facts-of-rules.ts';

/** What was found out later of who brought transitions of an account about. */
export interface RecordedAttribution {
  readonly key: string;
  readonly attribution: Attribution;
  readonly transitions: readonly { readonly rule: string; readonly number: number }[];
}

/** What decides who brought a transition about. */
export type AttributableTransition = Pick<
  Transition,
  'key' | 'rule' | 'number' | 'kind' | 'cause' | 'before' | 'after' | 'repair'
>;

/**
 * Who brought a transition about, for alerts, history and whoever tells of it: by the records of the changes that explain
 * it, else by what its cause says. One of several is nobody's proof.
 * @param recorded empty where nothing can have been found out yet
 */
export function attributionOf(
  transition: AttributableTransition,
  recorded: readonly RecordedAttribution[] = [],
): Attribution {
  const { key, rule, number } = transition;
  const found = recorded
    .filter((one) => one.key === key && one.transitions.some((each) => each.rule === rule && each.number === number))
    .map(({ attribution }) => attribution);
  if (found.length === 0) return byCause(transition);
  const common = commonOf(found);
  if (common.confidence !== 'unknown' || common.candidates.length > 0) return common;
  // A record that does not say who takes nothing from what is known without it.
  const { actor, confidence } = byCause(transition);
  return { ...common, actor, confidence };
}

/** As much of an attribution as an alert carries: an actor by object id, or nobody. */
export function toldActor({ actor, confidence }: Attribution): {
  readonly actor: Actor | null;
  readonly actorConfidence: Confidence;
} {
  if (actor.kind === 'unknown' || confidence === 'unknown') return { actor: null, actorConfidence: 'unknown' };
  return { actor: { kind: actor.kind, objectId: actor.objectId }, actorConfidence: confidence };
}

/**
 * A person at a command, the sweep, and a repair of Kerbwatch's own are known. An event's claims are likely, where what the
 * rule decides by can have been changed by what the event tells of. A nightly run and the directory watch saw nobody.
 */
function byCause(transition: AttributableTransition): Attribution {
  const { cause } = transition;
  switch (cause.kind) {
    case 'person':
    case 'sweep':
      return doneBy(cause.actor, 'proved');
    case 'verification':
      return isOwnRepair(transition) ? doneBy(cause.actor, 'proved') : unattributed;
    case 'event':
      return isOfTheAccount(transition) ? doneBy(cause.actor, 'likely') : unattributed;
    default:
      return unattributed;
  }
}

/**
 * Who made a change of one property: by its record, else by what was known when it was noticed; and where Kerbwatch's own
 * repair of a rule is seen to have helped, by it, for what that rule alone looks at.
 */
export function changeAttribution(
  change: FactChange,
  property: string,
  recorded: Attribution | undefined,
  transitions: readonly Transition[],
): Attribution {
  const known = recorded ?? change.attribution;
  if (known.confidence !== 'unknown' || known.candidates.length > 0 || change.cause.kind !== 'verification')
    return known;
  const repair = transitions.find(
    (one) =>
      one.key === change.key &&
      one.cause.kind === change.cause.kind &&
      one.cause.id === change.cause.id &&
      one.kind === 'resolved' &&
      isOwnRepair(one) &&
      isOwnFact(property, one.rule),
  );
  if (repair === undefined) return known;
  const { actor, confidence } = byCause(repair);
  return { ...known, actor, confidence };
}

/** What the audit after a repair finds besides the fault that this very job was mending, somebody else may have done. */
function isOwnRepair({ kind, before, cause, repair }: AttributableTransition): boolean {
  // What an older version kept does not say which job it was, and stays as it was told.
  const isOfThisJob = repair === undefined || repair === cause.id;
  return isOfThisJob && before?.state === 'remediating' && (kind === 'resolved' || kind === 'unrepaired');
}

/**
 * Whether the verdicts rest on what lies in the account. Of the rules that look at Entra as well, this one names the apps
 * that decided: without any, the account did.
 */
function isOfTheAccount({ rule, before, after }: AttributableTransition): boolean {
  if (!looksAtEntra(rule)) return true;
  if (rule !== 'single-ad-source') return false;
  return [before, after].every(
    (standing) => standing === null || (standing.deciders.length === 0 && standing.outcome !== 'unknown'),
  );
}

function doneBy({ kind, objectId }: Actor, confidence: 'proved' | 'likely'): Attribution {
  if (kind === 'unknown') return unattributed;
  const source = confidence === 'likely' ? 'event' : null;
  return { ...unattributed, confidence, actor: { kind, objectId, userPrincipalName: null }, source };
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

function candidatesOf({ actor, at, correlationId, operation, candidates }: Attribution): readonly Candidate[] {
  if (actor.kind === 'unknown') return candidates;
  return [{ actor, at: at ?? 0, correlationId, operation }];
}

function sameActor(a: AttributedActor, b: AttributedActor): boolean {
  return a.kind === b.kind && a.objectId === b.objectId && a.userPrincipalName === b.userPrincipalName;
}
