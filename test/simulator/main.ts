/** `npm run simulate -- --seeds N [--from S] [--fault NAME]`, or `--seed S [--fault NAME]` to see one in full. */
import { parseArgs } from 'node:util';

import { replay } from './replay.ts';
import { simulateMany } from './many.ts';
import { isWrongName, wrongs } from './wrong/index.ts';

const usage = `npm run simulate -- --seeds N [--from S] [--fault NAME]
npm run simulate -- --seed S [--fault NAME]     one seed, told in full
NAME is one of: ${Object.keys(wrongs).join(', ')}`;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const text = { type: 'string' } as const;
  let values;
  try {
    ({ values } = parseArgs({ args: [...args], options: { seeds: text, seed: text, from: text, fault: text } }));
  } catch (error) {
    return misused(error instanceof Error ? error.message : '');
  }
  const { seeds = '200', seed, from = '1', fault } = values;
  if (fault !== undefined && !isWrongName(fault)) return misused(`There is no fault ${fault}`);
  if (![seeds, seed ?? '0', from].every((number) => /^\d{1,9}$/.test(number)))
    return misused('Seeds are whole numbers');
  if (seed !== undefined) return replay(Number(seed), fault ?? null);
  return simulateMany({ seeds: Number(seeds), from: Number(from), fault: fault ?? null });
}

function misused(what: string): number {
  console.error(`${what}\n${usage}`);
  return 2;
}
