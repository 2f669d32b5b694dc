/** What `npm run chaos` runs: real parts, killed a hundred times. `-- --kills N --seed S` asks for fewer, or for the same again. */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

import { runChaos } from './run-chaos.ts';

process.exitCode = await main();

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { kills: { type: 'string', default: '100' }, seed: { type: 'string', default: '1' } },
  });
  const kills = Number(values.kills);
  const seed = Number(values.seed);
  if (!Number.isInteger(kills) || kills < 1 || !Number.isInteger(seed)) {
    console.error('npm run chaos -- --kills N --seed S: N is a whole number from 1, S a whole number.');
    return 2;
  }
  const startedAt = performance.now();
  const seconds = (): string => ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(
    `Chaos: ${String(kills)} kills, seed ${String(seed)}; Node ${process.version}, ${process.platform} ${process.arch}, ${String(availableParallelism())} cores`,
  );
  try {
    const { checks, alerts, findings } = await runChaos({
      kills,
      seed,
      say: (line) => {
        console.log(`${seconds().padStart(6)} s  ${line}`);
      },
      onKill: ({ number, round, victim, during }) => {
        console.log(
          `${seconds().padStart(6)} s  kill ${String(number).padStart(3)}  ${victim.padEnd(6)} round ${String(round)}: ${during}`,
        );
      },
    });
    console.log('');
    for (const { name, violations } of checks) {
      console.log(`  ${violations.length === 0 ? 'holds' : 'FAILS'}  ${name}`);
      for (const violation of violations) console.log(`           ${violation}`);
    }
    console.log('');
    console.log(
      `${String(findings)} findings; ${String(alerts.received)} alerts received, ${String(alerts.repeated)} of them again; ${seconds()} s`,
    );
    if (checks.every(({ violations }) => violations.length === 0)) return 0;
  } catch (error) {
    console.error(error);
  }
  console.error(`The same again: npm run chaos -- --kills ${String(kills)} --seed ${String(seed)}`);
  return 1;
}
