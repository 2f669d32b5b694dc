import type { Finding, Transition } from './finding.ts';
import { isFaulty } from './lifecycle.ts';

/**
 * How often a fault came back after it was gone. Not every episode is a return: one begins as well where a waiver ends,
 * although the fault never left.
 * @param transitions of the finding, and maybe of others at its place
 */
export function returnsIn(
  transitions: readonly Transition[],
  { rule, firstSeenAt }: Pick<Finding, 'rule' | 'firstSeenAt'>,
): number {
  return transitions.filter(
    (one) =>
      one.rule === rule &&
      one.at >= firstSeenAt &&
      one.before !== null &&
      !isFaulty(one.before.state) &&
      isFaulty(one.after.state),
  ).length;
}
