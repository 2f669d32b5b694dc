import type { FaultStanding, FindingStanding, Transition } from '../../../domain/findings/finding.ts';
import type { Simulation } from '../simulation.ts';
import type { Seen } from '../witness.ts';
import { words } from './standing.ts';
import { instant, storedFindings } from './stored.ts';

type Kind = Transition['kind'];

/** Above: worse. What docs/findings.md says under "What is told". */
const outcomes = ['warn', 'unknown', 'fail'];
const severities = ['info', 'low', 'medium', 'high', 'critical'];

/** What a person accepted: the fault as it stood when a waiver or an acknowledgement came on it. */
interface Accepted {
  readonly waiverId: string | null;
  readonly standing: FaultStanding;
}

/**
 * Each step of a finding bears the word that docs/findings.md has for it, begins as the one before it ended, and nothing of
 * how bad a fault is changes without a step. So what gets worse is told as worse, and what comes back as come back.
 */
export function steps(simulation: Simulation): void {
  const { violations } = simulation;
  const findings = storedFindings(simulation);
  const all = Map.groupBy(simulation.witness.transitions, ({ transition: { key, rule } }) => `${key}/${rule}`);
  for (const [id, seen] of all) {
    let last: FindingStanding | null = null;
    let accepted: Accepted | null = null;
    let episodes = 0;
    for (const one of seen) {
      const { kind, before, after, number, at, episode } = one.transition;
      episodes += Number(before === null || !isThere(before.state) || kind === 'waiver-ended');
      if (episode !== episodes || one.finding.episode !== episodes)
        violations.add(`Step ${String(number)} of ${id} is of episode ${String(episode)}, not ${String(episodes)}`);
      if (whole(before) !== whole(last))
        violations.add(`Step ${String(number)} of ${id} begins at ${whole(before)}; before it was ${whole(last)}`);
      const fitting = kindsFor(one, accepted);
      if (!fitting.includes(kind))
        violations.add(
          `Step ${String(number)} of ${id} is told as ${kind}, not ${fitting.join(' or ')}: from ${whole(before)} to ${whole(after)} at ${instant(at)}`,
        );
      accepted = acceptedAfter(one, accepted);
      last = after;
    }
    const finding = findings.get(id);
    if (finding !== undefined && whole(finding) !== whole(last))
      violations.add(`${id} is ${whole(finding)}, and its last step led to ${whole(last)}`);
  }
}

/** The words that a step may bear. */
function kindsFor({ transition: { before, after }, finding }: Seen, accepted: Accepted | null): readonly Kind[] {
  if (!isThere(after.state)) return [after.state === 'gone' ? 'gone' : 'resolved'];
  if (after.state === 'acknowledged') return before?.state === 'acknowledged' ? unlessBeyond() : ['acknowledged'];
  if (after.state === 'waived') {
    if (before?.state === 'waived' && words(before) !== words(after)) return [...unlessBeyond(), 'waived'];
    // What it was given for stays what it was given for while the fault is closed.
    return finding.waiver?.id === accepted?.waiverId && isBeyond() ? ['reopened'] : ['waived'];
  }
  if (before === null) return ['opened'];
  switch (before.state) {
    case 'resolved':
    case 'gone':
      return ['reopened'];
    case 'acknowledged':
      return isBeyond() ? ['worse'] : ['unacknowledged'];
    case 'waived':
      return isBeyond() ? ['worse'] : ['waiver-ended'];
    case 'remediating':
      if (isWorse(before, after)) return ['worse'];
      if (after.state === 'open') return ['unrepaired', 'lapsed', 'given-up'];
      return ['unrepaired', 'lapsed', 'changed', ...(words(before) === words(after) ? ['repairing' as const] : [])];
    case 'open':
      if (after.state === 'remediating' && words(before) === words(after)) return ['repairing'];
      return isWorse(before, after) ? ['worse'] : ['changed'];
  }

  function isBeyond(): boolean {
    return accepted === null || exceeds(accepted.standing, after);
  }

  function unlessBeyond(): readonly Kind[] {
    return isBeyond() ? [] : ['changed'];
  }
}

/** A waiver keeps what it was given for while the fault is closed. */
function acceptedAfter({ transition: { kind, after }, finding }: Seen, accepted: Accepted | null): Accepted | null {
  if (kind === 'acknowledged') return { waiverId: null, standing: after };
  if (kind === 'waived') {
    const waiverId = finding.waiver?.id ?? null;
    return accepted?.waiverId === waiverId ? accepted : { waiverId, standing: after };
  }
  if (after.state === 'acknowledged' || after.state === 'waived') return accepted;
  return isThere(after.state) || accepted?.waiverId === null ? null : accepted;
}

function isWorse(before: FaultStanding, after: FaultStanding): boolean {
  const outcome = rank(outcomes, after.outcome) - rank(outcomes, before.outcome);
  const severity = rank(severities, after.severity) - rank(severities, before.severity);
  return outcome === 0 ? severity > 0 || (severity === 0 && namesMore(before, after)) : outcome > 0;
}

/** What a person accepted is left by the first of the three that is worse. */
function exceeds(accepted: FaultStanding, after: FaultStanding): boolean {
  return (
    rank(outcomes, after.outcome) > rank(outcomes, accepted.outcome) ||
    rank(severities, after.severity) > rank(severities, accepted.severity) ||
    namesMore(accepted, after)
  );
}

function namesMore(before: FaultStanding, after: FaultStanding): boolean {
  return after.deciders.some((id) => !before.deciders.includes(id));
}

function rank(order: readonly string[], word: string): number {
  return order.indexOf(word);
}

function whole(standing: FindingStanding | null): string {
  return standing === null ? 'nothing' : `${standing.state}, ${words(standing)}`;
}

function isThere(state: string): boolean {
  return state !== 'resolved' && state !== 'gone';
}
