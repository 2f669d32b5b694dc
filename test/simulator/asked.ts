import { parseArgs } from 'node:util';

import { isWrongName, type WrongName, wrongs } from './wrong/index.ts';

export const usage = `npm run simulate -- --seeds N [--from S] [--fault NAME]
npm run simulate -- --seed S [--fault NAME]     one seed, told in full
NAME is one of: ${Object.keys(wrongs).join(', ')}`;

/** What the simulator is asked for. */
export type Asked =
  | { readonly kind: 'help' }
  | { readonly kind: 'misused'; readonly what: string }
  | { readonly kind: 'one'; readonly seed: number; readonly fault: WrongName | null }
  | { readonly kind: 'many'; readonly seeds: number; readonly from: number; readonly fault: WrongName | null };

/** Reads a command line. What would run nothing, or something else than was typed, is misuse: neither may pass for a clean run. */
export function askedOf(args: readonly string[]): Asked {
  const text = { type: 'string' } as const;
  let values;
  try {
    const options = {
      seeds: text,
      seed: text,
      from: text,
      fault: text,
      help: { type: 'boolean', short: 'h' },
    } as const;
    ({ values } = parseArgs({ args: [...args], options }));
  } catch (error) {
    return misused(error instanceof Error ? error.message : '');
  }
  const { seeds, seed, from, fault = null, help = false } = values;
  if (help) return { kind: 'help' };
  if (fault !== null && !isWrongName(fault)) return misused(`There is no fault ${fault}`);
  if (![seeds, seed, from].every((number) => number === undefined || /^\d{1,9}$/u.test(number))) {
    return misused('Seeds are whole numbers');
  }
  if (seed !== undefined) {
    if (seeds !== undefined || from !== undefined)
      return misused('--seed is about one seed: leave --seeds and --from out');
    return { kind: 'one', seed: Number(seed), fault };
  }
  if (seeds !== undefined && Number(seeds) === 0) return misused('--seeds 0 would show nothing: give 1 or more');
  return { kind: 'many', seeds: Number(seeds ?? 200), from: Number(from ?? 1), fault };
}

function misused(what: string): Asked {
  return { kind: 'misused', what };
}
