import type { NewWaiver } from '../findings/new-waiver.ts';
import { covers, holds, isOver, sameOwner, sameScope, unbroken, type Waiver } from '../findings/waiver.ts';
import { type ApplyWaiverPorts, liveWaivers } from './apply-waiver.ts';

/**
 * The stored waiver that makes a new one needless: of the same scope and owner, from as early, until as late, and for all that
 * the new one would waive. A later end prolongs it and another owner answers for it, so both are given; a shorter one beside
 * it would end nothing earlier, and whoever takes one of two equals back opens nothing again.
 */
export async function waivedAlready(
  asked: NewWaiver,
  ports: Omit<ApplyWaiverPorts, 'now'>,
  now: number,
): Promise<Waiver | null> {
  const { all, tagsOf } = await liveWaivers(ports);
  const same = all.filter((stored) => spans(stored, asked, now));
  if (same.length === 0) return null;
  // A fault that got worse has broken it for that finding: only a new one waives that again.
  const opened = await Array.fromAsync(ports.findings.list('open', 'acknowledged'));
  // One that is open and not broken for it was not reached yet: whoever gives it now, or the next audit, comes to it.
  const isBroken = (stored: Waiver): boolean =>
    opened.some((each) => covers(stored, each, tagsOf) && unbroken(each, { all: [stored], tagsOf }).all.length === 0);
  const isWhole = (stored: Waiver): boolean => !holds(stored, now) || !isBroken(stored);
  return same.find(isWhole) ?? null;
}

function spans(stored: Waiver, asked: NewWaiver, now: number): boolean {
  return (
    !isOver(stored, now) &&
    !(beginsLater(stored) && stored.from > asked.from) &&
    stored.until >= asked.until &&
    (stored.approval.state !== 'pending' || asked.approval.state === 'pending') &&
    sameOwner(stored, asked) &&
    sameScope(stored, asked)
  );
}

/** Whether it was given to begin at a later time. What began when it was given has begun, whatever another clock says. */
export function beginsLater({ from, createdAt }: NewWaiver): boolean {
  return from > createdAt;
}
