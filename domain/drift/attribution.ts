import type { Actor, Cause } from '../findings/finding.ts';

/** Who did something. The user principal name is personal data: null unless settings ask for it. */
export interface AttributedActor extends Actor {
  readonly userPrincipalName: string | null;
}

/**
 * How sure it is who did it: `proved` by Azure's or Entra's own record of changes; `likely` by what an event claims, which
 * whoever can post an event can forge; else `unknown`.
 */
export type Confidence = 'proved' | 'likely' | 'unknown';

/** Somebody who may have done it, where it cannot be told which of several did. */
export interface Candidate {
  readonly actor: AttributedActor;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly correlationId: string | null;
  readonly operation: string | null;
}

export interface Attribution {
  readonly confidence: Confidence;
  readonly actor: AttributedActor;
  readonly source: 'resource-changes' | 'directory-audits' | 'event' | null;
  /** When it was done by the record's own clock, epoch milliseconds; null where nobody recorded it. */
  readonly at: number | null;
  readonly correlationId: string | null;
  /** What the record calls it. */
  readonly operation: string | null;
  /** Of whom one or more did it; empty where it is known, or nobody is. By time. */
  readonly candidates: readonly Candidate[];
}

export const nobody: AttributedActor = { kind: 'unknown', objectId: null, userPrincipalName: null };

export const unattributed: Attribution = {
  confidence: 'unknown',
  actor: nobody,
  source: null,
  at: null,
  correlationId: null,
  operation: null,
  candidates: [],
};

/** What the cause of an audit says of who made the change it found: an event's claims are likely, all else says nothing. */
export function attributionBy(cause: Cause): Attribution {
  if (cause.kind !== 'event' || cause.actor.kind === 'unknown') return unattributed;
  return {
    ...unattributed,
    confidence: 'likely',
    actor: { ...cause.actor, userPrincipalName: null },
    source: 'event',
  };
}

/** The attribution as it may be kept: without user principal names unless settings ask for them. */
export function asMayBeKept(attribution: Attribution, keepNames: boolean): Attribution {
  if (keepNames) return attribution;
  const nameless = (actor: AttributedActor): AttributedActor => ({ ...actor, userPrincipalName: null });
  return {
    ...attribution,
    actor: nameless(attribution.actor),
    candidates: attribution.candidates.map((candidate) => ({ ...candidate, actor: nameless(candidate.actor) })),
  };
}
