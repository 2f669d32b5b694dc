import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';

import type { Simulated } from './simulate.ts';
import type { WrongName } from './wrong/index.ts';

/** Each seed makes its parts anew and drops them soon: compiled at first sight, with room for what is young, it takes a tenth less. */
const engine = ['--always-sparkplug', '--max-semi-space-size=32'];

export interface Many {
  readonly seeds: number;
  /** The first seed. */
  readonly from: number;
  readonly fault: WrongName | null;
}

/** What a worker is asked to do. */
export type Order = Many & { readonly step: number };

/**
 * Simulates many seeds, on as many processes as there are cores.
 * @param take gets each as it is done, in no order.
 * @returns how many processes there were, and whether each of them did all that it was asked to.
 */
export async function inProcesses(
  { seeds, from, fault }: Many,
  take: (simulated: Simulated) => void,
): Promise<{ readonly processes: number; readonly areWhole: boolean }> {
  const processes = Math.max(1, Math.min(availableParallelism(), seeds));
  const ends = Array.from({ length: processes }, (_, index) =>
    work({ seeds: Math.ceil((seeds - index) / processes), from: from + index, step: processes, fault }, take),
  );
  const codes = await Promise.all(ends);
  return { processes, areWhole: codes.every((code) => code === 0) };
}

function work(order: Order, take: (simulated: Simulated) => void): Promise<number> {
  return new Promise((resolve, reject) => {
    // Whoever asks, Node itself runs it: the modules of a test runner are slower.
    const worker = fork(new URL('worker.ts', import.meta.url), [JSON.stringify(order)], { execArgv: engine });
    worker.on('message', (simulated) => {
      take(simulated as Simulated);
    });
    worker.on('error', reject);
    worker.on('exit', (code) => {
      resolve(code ?? 1);
    });
  });
}
