import { attributionOf, toldActor } from '../drift/attribute-transition.ts';
import type { Confidence } from '../drift/attribution.ts';
import type { Severity } from '../model/verdict.ts';
import { type Actor, type CauseEvents, type Finding, mostRepairAttempts, type Transition } from './finding.ts';
import { placeOf } from './place.ts';

/** What a channel is told (contracts.md, Alert). `at` is epoch milliseconds, UTC. */
export interface Alert {
  /** Finding and transition number, or `run/<id>` for a summary: the same alert has the same id however often it is sent. */
  readonly id: string;
  readonly findingIds: readonly string[];
  readonly transition: 'opened' | 'reopened' | 'worse' | 'resolved' | 'summary';
  readonly rule: string | null;
  readonly severity: Severity;
  readonly title: string;
  /** Empty for what concerns the tenant. */
  readonly accounts: readonly { readonly id: string; readonly name: string }[];
  /** Who did it, as far as that is known when it is told; what is found out later goes to history. */
  readonly actor: Actor | null;
  /** How sure that is; `unknown` without an actor. */
  readonly actorConfidence: Confidence;
  readonly at: number;
  /** Page that explains the rule, relative to the documentation's root. */
  readonly link: string;
  /** What is behind it, for measuring how long it took; channels are not told. */
  readonly events?: CauseEvents | undefined;
}

/** What of the contract a transition is told as; null for one that concerns nobody. */
export const toldAs: Readonly<Record<Transition['kind'], Exclude<Alert['transition'], 'summary'> | null>> = {
  opened: 'opened',
  reopened: 'reopened',
  'waiver-ended': 'reopened',
  unrepaired: 'reopened',
  'given-up': 'reopened',
  worse: 'worse',
  resolved: 'resolved',
  lapsed: null,
  repairing: null,
  changed: null,
  gone: null,
  acknowledged: null,
  unacknowledged: null,
  waived: null,
};

const prefixes: Readonly<Partial<Record<Transition['kind'], string>>> = {
  resolved: 'Resolved: ',
  'waiver-ended': 'No longer waived: ',
  unrepaired: 'Not repaired: ',
  'given-up': `Not repaired, nobody carried out the job in ${String(mostRepairAttempts)} attempts: `,
};

/**
 * The alert that a transition calls for; null for one that concerns nobody: better, other deciding objects, gone, info,
 * what people did themselves, and the end of a fault that was waived, which nobody waits for.
 */
export function alertOf(finding: Finding, transition: Transition): Alert | null {
  const kind = toldAs[transition.kind];
  if (kind === null || finding.severity === 'info') return null;
  if (kind === 'resolved' && transition.before?.state === 'waived') return null;
  return {
    id: `${placeOf(finding).key}/${finding.rule}#${String(transition.number)}`,
    findingIds: [finding.id],
    transition: kind,
    rule: finding.rule,
    severity: finding.severity,
    title: `${prefixes[transition.kind] ?? ''}${finding.title}`,
    accounts: finding.account === null ? [] : [{ id: finding.account.id, name: finding.account.name }],
    ...toldActor(attributionOf(transition)),
    at: transition.at,
    link: `docs/rules/${finding.rule}.md`,
    ...(transition.cause.events === undefined ? {} : { events: transition.cause.events }),
  };
}
