/** What `npm run chaos` runs: real parts, killed a hundred times. `-- --kills N --seed S` asks for fewer, or for the same again. */
import { availableParallelism } from 'node:os';

import { askedOf, usage } from './asked.ts';
import { runChaos } from './run-chaos.ts';

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const asked = askedOf(args);
  if (asked.kind === 'help') {
    console.log(usage);
    return 0;
  }
  if (asked.kind === 'misused') {
    console.error(`${asked.what}\n${usage}`);
    return 2;
  }
  const { kills, seed } = asked;
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
