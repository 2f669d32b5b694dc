import { simulate } from './simulate.ts';
import type { WrongName } from './wrong/index.ts';

/** Tells everything that happens under one seed, and what did not hold. @returns the exit code */
export async function replay(seed: number, fault: WrongName | null): Promise<number> {
  const { violations, counts } = await simulate(seed, {
    fault,
    write: (line) => {
      console.log(line);
    },
  });
  console.log(
    `\nSeed ${String(seed)}: ${counts.days.toFixed(1)} days, ${String(counts.calls)} calls through ports, ${String(counts.crashes)} crashes`,
  );
  for (const violation of violations) console.log(`- ${violation}`);
  if (violations.length === 0) console.log('Everything held.');
  return violations.length === 0 ? 0 : 1;
}
