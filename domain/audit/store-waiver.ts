import { type NewWaiver, WaiverInvalid } from '../findings/new-waiver.ts';
import { chainProblem } from '../findings/waiver-chain.ts';
import { sayingOf, type Waiver } from '../findings/waiver.ts';
import type { ApplyWaiverPorts } from './apply-waiver.ts';
import { beginsLater, waivedAlready } from './waived-already.ts';

export interface StoreWaiverPorts extends ApplyWaiverPorts {
  /** The id for what a waiver says, always the same for the same text: letters, digits, `-`. */
  readonly waiverId: (saying: string) => string;
}

/** The waiver is needless or over, or this person may not do this to it. */
export class WaiverRefuses extends Error {
  override readonly name = 'WaiverRefuses';
}

const attempts = 5;

/**
 * Stores a new waiver, unless one that is there makes it needless. Its id follows from what it says, so that of several who
 * ask for the same at the same time the store takes one, and the others find it. What is over, or broken, keeps its id: who
 * asks for the same again gets the next.
 *
 * @returns the new one, or the one that is there already
 * @throws WaiverInvalid, WaiverRefuses where others take each id before it
 */
export async function storeWaiver(
  asked: NewWaiver,
  ports: StoreWaiverPorts,
): Promise<{ readonly waiver: Waiver; readonly isNew: boolean }> {
  const { waivers, waiverId, now } = ports;
  // Now is another for each who asks, and so is no part of what they say.
  const saying = [sayingOf(asked), beginsLater(asked) ? String(asked.from) : 'now'];
  const idOf = (number: number): string => waiverId([...saying, String(number)].join('|'));
  let number = 0;
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const stored = (await waivers.all()).map(({ waiver }) => waiver);
    const chain = chainProblem(asked, stored, now());
    if (chain !== null) throw new WaiverInvalid([chain]);
    const already = await waivedAlready(asked, ports, now());
    if (already !== null) return { waiver: already, isNew: false };
    const taken = new Set(stored.map(({ id }) => id));
    while (taken.has(idOf(number))) number += 1;
    const waiver = { ...asked, id: idOf(number) };
    if (await waivers.insert(waiver)) return { waiver, isNew: true };
    number += 1;
  }
  throw new WaiverRefuses(`The same waiver was asked for ${String(attempts)} times by others meanwhile; try again`);
}
