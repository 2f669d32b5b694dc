import type { Simulation } from '../simulation.ts';
import { longestSkew } from '../weather.ts';
import { instant } from './stored.ts';
import { waiverRows } from './waiver-rows.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** A sweep announces it; in rough days one may be struck, or the store out of reach. */
const announcedWithin = 4 * hour;

/** That a waiver ends soon is told while it holds: so many days before, or for a shorter one after half its time, and not earlier. */
export function waiverWarnings(simulation: Simulation): void {
  const { timeline, receiver, violations, struckLast, settings } = simulation;
  const lost = [...struckLast.values()].join();
  const known = new Set<string>();
  for (const waiver of waiverRows(simulation)) {
    const { id, from, until } = waiver;
    const alertId = `waiver/${id}/warning`;
    known.add(alertId);
    const dueAt = Math.max(until - settings.waivers.warnDays * day, (from + until) / 2);
    const [first] = (receiver.taken.get(alertId) ?? []).map(({ at }) => at);
    if (first !== undefined && first < dueAt - longestSkew)
      violations.add(
        `The end of waiver ${id} was told at ${instant(first)}, and is to be told from ${instant(dueAt)} on`,
      );
    const wasRemoved = waiver.removed !== null && waiver.removed.at < dueAt + announcedWithin;
    const isDue = timeline.now() > dueAt + announcedWithin && until > dueAt + announcedWithin && !wasRemoved;
    if (first === undefined && isDue && !lost.includes(alertId))
      violations.add(`Nobody was told that waiver ${id} ends at ${instant(until)}`);
  }
  for (const id of receiver.taken.keys())
    if (id.startsWith('waiver/') && !known.has(id))
      violations.add(`An alert tells of a waiver that there is not: ${id}`);
}
