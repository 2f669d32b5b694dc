import { isFaulty } from '../../../domain/findings/lifecycle.ts';
import { itemsOf } from '../../../domain/model/collection.ts';
import type { Simulation } from '../simulation.ts';
import { byTheCalendar, watchedRules } from '../truth-faults.ts';
import { longestSkew } from '../weather.ts';
import { misfitOf } from './standing.ts';
import { instant, storedFindings } from './stored.ts';

/**
 * Keys of the accounts of which the last run has read that they are there: what an account was while it could not be read is for
 * the night to find, for nothing tells that it can be read again, and the watch leads to none that nobody has seen.
 */
export function seenAtLastRun({ witness, files, tenant }: Simulation): ReadonlySet<string> {
  const last = witness.finishedRuns.at(-1);
  const captured = last === undefined ? undefined : files.captured.get(last.id);
  if (last === undefined || captured === undefined) return new Set();
  const isSeen = (subscriptionId: string): boolean =>
    (tenant.regainedAt.get(subscriptionId) ?? -Infinity) < last.startedAt - longestSkew;
  const seen = itemsOf(captured.storageAccounts).filter(({ subscriptionId }) => isSeen(subscriptionId));
  return new Set(seen.map(({ key }) => key));
}

/** Whether anybody but the night, which finds what comes with the calendar alone, is bound to notice what turns there now. */
export function isToBeNoticed(simulation: Simulation, key: string, rule: string): boolean {
  return watchedRules.some((one) => one === rule) && rule !== byTheCalendar && seenAtLastRun(simulation).has(key);
}

/** When the last event about the account comes, however late. */
export function toldOf({ toldBy }: Simulation, key: string): number {
  return toldBy.get(key.split('/').at(-1) ?? '') ?? -Infinity;
}

/** Whether what turned at that time, and is so still, is known without a run. @returns what is not, null: nothing */
export function isNoticed(simulation: Simulation, key: string, rule: string, turnedAt: number): string | null {
  const { truth, tenant, struckLast } = simulation;
  const { from, fault } = truth.now(key, rule);
  if (from > turnedAt) return null;
  // Who looks may not be able to see it, or the message that has it looked at lies with the dead letters.
  if (tenant.forbidden.size > 0 || [...tenant.regainedAt.values()].some((at) => at > turnedAt)) return null;
  if ([...struckLast.values()].some((body) => body.toLowerCase().includes(key))) return null;
  const finding = storedFindings(simulation).get(`${key}/${rule}`);
  const told = `${rule} of ${key}, so since ${instant(from)}`;
  const isOpen = finding !== undefined && isFaulty(finding.state);
  if (isOpen !== (fault !== null)) return `Nobody has noticed: ${told}; it is ${finding?.state ?? 'unknown'}`;
  const wrong = fault === null || finding === undefined ? null : misfitOf(finding, fault);
  return wrong === null ? null : `Nobody has noticed: ${told}; ${wrong}`;
}
