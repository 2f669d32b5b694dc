import type { Actor, Transition } from '../findings/finding.ts';
import { isFaulty } from '../findings/lifecycle.ts';
import { newWaiver, type WaiverRequest } from '../findings/new-waiver.ts';
import { placeOf } from '../findings/place.ts';
import { dayText } from '../findings/waiver-end.ts';
import { scopeText } from '../findings/waiver-text.ts';
import type { Waiver, WaiverScope } from '../findings/waiver.ts';
import { holds, isOver } from '../findings/waiver.ts';
import type { Settings } from '../model/settings.ts';
import { rules } from '../rules/index.ts';
import { applyWaiver, type ApplyWaiverPorts, liftWaiver } from './apply-waiver.ts';
import { findingOfId, FindingRefuses } from './change-finding.ts';
import type { FindingStore, StoredWaiver, WaiverStore } from './ports.ts';
import { storeWaiver, type StoreWaiverPorts, WaiverRefuses } from './store-waiver.ts';

export type WaivePorts = StoreWaiverPorts;

/** A waiver, and what it did at once. */
export interface Waived {
  readonly waiver: Waiver;
  readonly transitions: readonly Transition[];
}

/** No waiver has this id. */
export class WaiverUnknown extends Error {
  override readonly name = 'WaiverUnknown';
}

/**
 * The scope of one finding, as people name it.
 * @throws FindingUnknown, FindingFromNewerVersion, FindingRefuses for one that is closed or being mended.
 */
export async function scopeOfFinding(findingId: string, store: FindingStore): Promise<WaiverScope> {
  const finding = await findingOfId(findingId, store);
  if (!isFaulty(finding.state))
    throw new FindingRefuses(`${finding.id} is ${finding.state}: there is no fault to waive`);
  if (finding.state === 'remediating')
    throw new FindingRefuses(
      `${finding.id} is being mended: wait for the repair's verification, then waive what is left`,
    );
  return { kind: 'finding', key: placeOf(finding).key, rule: finding.rule };
}

/**
 * Accepts a fault until a day, for a reason. What it covers is waived at once, unless another person has to approve it.
 * @throws WaiverInvalid with every problem at once, WaiverRefuses where another one makes it needless, FindingConflict
 */
export async function waive(
  request: WaiverRequest,
  by: Actor,
  settings: Pick<Settings, 'waivers'>,
  ports: WaivePorts,
): Promise<Waived> {
  const asked = newWaiver(request, {
    now: ports.now(),
    createdBy: by,
    requireApproval: settings.waivers.requireApproval,
    knownRules: rules.map(({ id }) => id),
  });
  const { waiver, isNew } = await storeWaiver(asked, ports);
  // What another request stored it may not have come to yet, or never, if it was cut short.
  const transitions = await applyWaiver(waiver, waiver.createdBy, ports, isNew);
  if (!isNew) throw new WaiverRefuses(alreadyText(waiver));
  return { waiver, transitions };
}

function alreadyText({ id, scope, until, approval }: Waiver): string {
  const does = approval.state === 'pending' ? 'already asks for' : 'already covers';
  return (
    `Waiver ${id} ${does} ${scopeText(scope)} until the end of ${dayText(until - 1)}, for the same owner; ` +
    'nothing was waived anew. Give a later end or another owner, or take that one back first'
  );
}

/**
 * Approves a waiver that waits for it; what it covers is waived at once.
 * @throws WaiverUnknown, WaiverRefuses when nothing waits, when it is over, or for the person who asked for it.
 */
export async function approveWaiver(id: string, by: Actor, ports: ChangePorts): Promise<Waived> {
  const waiver = await change(id, ports, (stored) => {
    if (stored.approval.state !== 'pending') throw new WaiverRefuses(`Waiver ${id} waits for no approval`);
    if (isOver(stored, ports.now())) throw new WaiverRefuses(`Waiver ${id} is over; give a new one`);
    if (by.objectId === null || by.objectId === stored.createdBy.objectId) {
      throw new WaiverRefuses(`Waiver ${id} has to be approved by another person than the one who asked for it`);
    }
    return { ...stored, approval: { state: 'approved', by, at: ports.now() } };
  });
  return { waiver, transitions: await applyWaiver(waiver, by, ports) };
}

/**
 * Takes a waiver back: what it covered opens again, unless another waiver covers it. Doing it again finishes what was left.
 * @throws WaiverUnknown, WaiverRefuses when it has expired or was taken back already, FindingConflict
 */
export async function unwaive(id: string, by: Actor, ports: ChangePorts): Promise<Waived> {
  const waiver = await change(id, ports, (stored) => {
    if (stored.removed !== null && stored.settledAt !== null) {
      const on = new Date(stored.removed.at).toISOString().replace(/\.\d+Z$/u, 'Z');
      throw new WaiverRefuses(`Waiver ${id} was taken back already, on ${on}; nothing changed`);
    }
    if (stored.removed !== null) return stored;
    if (isOver(stored, ports.now())) throw new WaiverRefuses(`Waiver ${id} ended by itself already`);
    return { ...stored, removed: { by, at: ports.now() } };
  });
  return { waiver, transitions: await liftWaiver(waiver, { kind: 'person', id, actor: by }, ports) };
}

/** Waivers that hold now, and those that wait; for people. The others are over. */
export async function listWaivers(
  waivers: WaiverStore,
  now: number,
): Promise<readonly { readonly waiver: Waiver; readonly state: 'holds' | 'pending' | 'later' | 'over' }[]> {
  return (await waivers.all()).map(({ waiver }) => {
    if (isOver(waiver, now)) return { waiver, state: 'over' };
    if (holds(waiver, now)) return { waiver, state: 'holds' };
    return { waiver, state: waiver.approval.state === 'pending' ? 'pending' : 'later' };
  });
}

type ChangePorts = ApplyWaiverPorts;

const attempts = 5;

async function change(
  id: string,
  { waivers }: { readonly waivers: WaiverStore },
  decide: (stored: Waiver) => Waiver,
): Promise<Waiver> {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const stored: StoredWaiver | null = await waivers.find(id);
    if (stored === null) throw new WaiverUnknown(`There is no waiver ${id}`);
    const next = decide(stored.waiver);
    if (next === stored.waiver || (await waivers.replace(next, stored.version))) return next;
  }
  throw new WaiverRefuses(`Waiver ${id} was changed by somebody else ${String(attempts)} times meanwhile; try again`);
}
