/** Every state a finding may be in. `none` is the one it has before it is first stored. */
export const states = ['open', 'acknowledged', 'waived', 'remediating', 'resolved', 'gone'] as const;
export type FindingState = (typeof states)[number];
export type StateBefore = FindingState | 'none';

/** What may happen to a finding. Each is explained in docs/findings.md, from `stimulusMeanings`. */
export const stimuli = [
  'fault-seen',
  'fault-under-waiver',
  'fault-worse',
  'fault-other',
  'repair-queued',
  'repair-did-not-help',
  'repair-lapsed',
  'repair-given-up',
  'clean-seen',
  'account-absent',
  'acknowledged',
  'acknowledgement-withdrawn',
  'waived',
  'waiver-ended',
] as const;
export type Stimulus = (typeof stimuli)[number];

/** The word that history has for a step. */
export const transitionKinds = [
  'opened',
  'reopened',
  'worse',
  'changed',
  'acknowledged',
  'unacknowledged',
  'waived',
  'waiver-ended',
  'repairing',
  'unrepaired',
  'lapsed',
  'given-up',
  'resolved',
  'gone',
] as const;
export type TransitionKind = (typeof transitionKinds)[number];

/** A row of the lifecycle: from a state, on a stimulus, to a state. */
export interface Step {
  readonly from: StateBefore;
  readonly on: Stimulus;
  readonly to: FindingState;
  /** Where the repair leaves with another transition, that one's word stands for both. */
  readonly kind: TransitionKind;
}

/**
 * The lifecycle. What has no row changes nothing: a fault that is seen again, an account that is absent for a finding that
 * is closed. The diagram in docs/findings.md is drawn from it.
 */
export const lifecycle: readonly Step[] = [
  { from: 'none', on: 'fault-seen', to: 'open', kind: 'opened' },
  { from: 'none', on: 'fault-under-waiver', to: 'waived', kind: 'waived' },

  { from: 'open', on: 'fault-under-waiver', to: 'waived', kind: 'waived' },
  { from: 'open', on: 'fault-worse', to: 'open', kind: 'worse' },
  { from: 'open', on: 'fault-other', to: 'open', kind: 'changed' },
  { from: 'open', on: 'repair-queued', to: 'remediating', kind: 'repairing' },
  { from: 'open', on: 'clean-seen', to: 'resolved', kind: 'resolved' },
  { from: 'open', on: 'account-absent', to: 'gone', kind: 'gone' },
  { from: 'open', on: 'acknowledged', to: 'acknowledged', kind: 'acknowledged' },
  { from: 'open', on: 'waived', to: 'waived', kind: 'waived' },

  { from: 'acknowledged', on: 'fault-under-waiver', to: 'waived', kind: 'waived' },
  { from: 'acknowledged', on: 'fault-worse', to: 'open', kind: 'worse' },
  { from: 'acknowledged', on: 'fault-other', to: 'acknowledged', kind: 'changed' },
  { from: 'acknowledged', on: 'clean-seen', to: 'resolved', kind: 'resolved' },
  { from: 'acknowledged', on: 'account-absent', to: 'gone', kind: 'gone' },
  { from: 'acknowledged', on: 'acknowledgement-withdrawn', to: 'open', kind: 'unacknowledged' },
  { from: 'acknowledged', on: 'waived', to: 'waived', kind: 'waived' },

  { from: 'waived', on: 'fault-under-waiver', to: 'waived', kind: 'waived' },
  { from: 'waived', on: 'fault-worse', to: 'open', kind: 'worse' },
  { from: 'waived', on: 'fault-other', to: 'waived', kind: 'changed' },
  { from: 'waived', on: 'clean-seen', to: 'resolved', kind: 'resolved' },
  { from: 'waived', on: 'account-absent', to: 'gone', kind: 'gone' },
  { from: 'waived', on: 'waived', to: 'waived', kind: 'waived' },
  { from: 'waived', on: 'waiver-ended', to: 'open', kind: 'waiver-ended' },

  { from: 'remediating', on: 'fault-under-waiver', to: 'waived', kind: 'waived' },
  { from: 'remediating', on: 'fault-worse', to: 'open', kind: 'worse' },
  { from: 'remediating', on: 'fault-other', to: 'remediating', kind: 'changed' },
  { from: 'remediating', on: 'repair-queued', to: 'remediating', kind: 'repairing' },
  { from: 'remediating', on: 'repair-did-not-help', to: 'open', kind: 'unrepaired' },
  { from: 'remediating', on: 'repair-lapsed', to: 'open', kind: 'lapsed' },
  { from: 'remediating', on: 'repair-given-up', to: 'open', kind: 'given-up' },
  { from: 'remediating', on: 'clean-seen', to: 'resolved', kind: 'resolved' },
  { from: 'remediating', on: 'account-absent', to: 'gone', kind: 'gone' },

  { from: 'resolved', on: 'fault-seen', to: 'open', kind: 'reopened' },
  { from: 'resolved', on: 'fault-under-waiver', to: 'waived', kind: 'waived' },

  { from: 'gone', on: 'fault-seen', to: 'open', kind: 'reopened' },
  { from: 'gone', on: 'fault-under-waiver', to: 'waived', kind: 'waived' },
];

/** What each stimulus is, as people read it. */
export const stimulusMeanings: Readonly<Record<Stimulus, string>> = {
  'fault-seen': 'An audit sees the fault.',
  'fault-under-waiver':
    'An audit sees the fault, and a live waiver covers it that it does not have yet; of one that is being mended, where that did not help.',
  'fault-worse': 'An audit sees a worse fault than the one that was stored, acknowledged or waived.',
  'fault-other': 'An audit sees the fault with another outcome, severity or deciding object, and not a worse one.',
  'repair-queued':
    'A repair that needs no person leaves: with the transition, or planned for several findings at once.',
  'repair-did-not-help':
    'The verification of the repair, or any audit a quarter of an hour after the job has ended or once it has expired, still sees the fault.',
  'repair-lapsed': 'An audit still sees the fault, and the job has expired without anybody carrying it out.',
  'repair-given-up': 'The same, and it was the last attempt of the episode.',
  'clean-seen': 'An audit sees that all is well, or that the rule does not apply any more.',
  'account-absent': 'The account is proved not to exist any more.',
  acknowledged: 'A person says that the fault is known.',
  'acknowledgement-withdrawn': 'A person takes that back.',
  waived: 'A person accepts the fault until a day.',
  'waiver-ended': 'No live waiver covers the fault any more: it expired or was taken back.',
};

/** The step that a stimulus makes from a state; null when it makes none. */
export function stepFor(from: StateBefore, on: Stimulus): Step | null {
  return lifecycle.find((step) => step.from === from && step.on === on) ?? null;
}

/** Whether the fault is there, as far as was seen last. */
export function isFaulty(state: FindingState): boolean {
  return state !== 'resolved' && state !== 'gone';
}

/** Whether this version knows the state: a newer one may have written another. */
export function isFindingState(state: string): state is FindingState {
  return states.some((known) => known === state);
}
