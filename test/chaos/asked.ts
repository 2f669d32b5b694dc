import { parseArgs } from 'node:util';

export const usage = 'npm run chaos -- [--kills N] [--seed S]     N is a whole number from 1, S a whole number';

/** What chaos is asked for. */
export type Asked =
  | { readonly kind: 'help' }
  | { readonly kind: 'misused'; readonly what: string }
  | { readonly kind: 'kills'; readonly kills: number; readonly seed: number };

/** Reads a command line. */
export function askedOf(args: readonly string[]): Asked {
  let values;
  try {
    const options = {
      kills: { type: 'string', default: '100' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', short: 'h', default: false },
    } as const;
    ({ values } = parseArgs({ args: [...args], options }));
  } catch (error) {
    return { kind: 'misused', what: error instanceof Error ? error.message : '' };
  }
  const { kills, seed, help } = values;
  if (help) return { kind: 'help' };
  if (![kills, seed].every((number) => /^\d{1,9}$/u.test(number)) || Number(kills) === 0) {
    return { kind: 'misused', what: 'Kills and seeds are whole numbers, and no kill would show nothing' };
  }
  return { kind: 'kills', kills: Number(kills), seed: Number(seed) };
}
