/** `npm run simulate -- --seeds N [--from S] [--fault NAME]`, or `--seed S [--fault NAME]` to see one in full. */
import { askedOf, usage } from './asked.ts';
import { simulateMany } from './many.ts';
import { replay } from './replay.ts';

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const asked = askedOf(args);
  switch (asked.kind) {
    case 'help':
      console.log(usage);
      return 0;
    case 'misused':
      console.error(`${asked.what}\n${usage}`);
      return 2;
    case 'one':
      return replay(asked.seed, asked.fault);
    case 'many':
      return simulateMany(asked);
  }
}
