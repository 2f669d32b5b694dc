import { includesCoreRule, longestCoreDays, type NewWaiver } from './new-waiver.ts';
import { sameScope, type Waiver } from './waiver.ts';
import { dayText, latestEnd } from './waiver-end.ts';

/**
 * What is wrong with a waiver that prolongs others of its scope, one after another, until what they cover has been waived for
 * longer than one waiver may last without ever opening; null where nothing is.
 * @param stored every waiver; those that are over count as far as they lasted
 */
export function chainProblem(asked: NewWaiver, stored: readonly Waiver[], now: number): string | null {
  if (!includesCoreRule(asked.scope)) return null;
  const links = stored.flatMap((waiver) => (sameScope(waiver, asked) ? linkOf(waiver, now) : []));
  let { from, until } = asked;
  for (let grown = true; grown;) {
    const near = links.filter((link) => link.from <= until && touches(link, from));
    const first = Math.min(from, ...near.map((link) => link.from));
    const last = Math.max(until, ...near.map((link) => link.until));
    grown = first < from || last > until;
    from = first;
    until = last;
  }
  const latest = latestEnd(from, longestCoreDays);
  if (until <= latest) return null;
  return (
    `with the waivers of the same scope that it goes on from or leads to, a core rule would be waived from ${dayText(from)} ` +
    `for more than ${String(longestCoreDays)} days on end: the latest end of all is ${dayText(latest - 1)}, unless what they cover opens in between`
  );
}

interface Link {
  readonly from: number;
  readonly until: number;
  /** Taken back, what it covered was opened at its end. */
  readonly opened: boolean;
}

/** What a waiver held, or may come to hold: one that nobody approved in its time never did. */
function linkOf({ from, until, removed, approval }: Waiver, now: number): readonly Link[] {
  if (approval.state === 'pending' && (removed !== null || until <= now)) return [];
  const end = removed === null ? until : Math.min(until, removed.at);
  return end <= from ? [] : [{ from, until: end, opened: removed !== null && removed.at < until }];
}

function touches({ until, opened }: Link, from: number): boolean {
  return opened ? until > from : until >= from;
}
