import { actionRisks } from '../../domain/remediation/actions.ts';
import { addCounts, noCounts } from './counts.ts';
import { inProcesses, type Many } from './processes.ts';
import type { Simulated } from './simulate.ts';
import { replayOf, verdict } from './verdict.ts';
import type { WrongName } from './wrong/index.ts';

/** Simulates many seeds, and tells what came of them. @returns the exit code */
export async function simulateMany(many: Many): Promise<number> {
  const { seeds, fault } = many;
  const began = performance.now();
  const total = noCounts();
  const done = new Set<number>();
  let failed = 0;

  const take = (simulated: Simulated): void => {
    done.add(simulated.seed);
    addCounts(total, simulated.counts);
    if (simulated.violations.length > 0) {
      failed += 1;
      tellFailure(simulated, fault);
    }
    if (process.stderr.isTTY && done.size % 20 === 0)
      process.stderr.write(`\r${String(done.size)} of ${String(seeds)} seeds`);
  };
  const { processes, areWhole } = await inProcesses(many, take);
  if (process.stderr.isTTY) process.stderr.write('\r\u001B[K');

  const seconds = (performance.now() - began) / 1000;
  console.log(
    `${String(done.size)} seeds in ${seconds.toFixed(1)} s (${((seconds * processes * 1000) / Math.max(done.size, 1)).toFixed(0)} ms a seed on ${String(processes)} processes): ` +
      `${total.days.toFixed(0)} simulated days, ${String(total.calls)} calls through ports, ${String(total.crashes)} crashes, ` +
      `${String(total.broken)} acts of administrators, ${String(total.opened)} findings opened, ` +
      `${String(total.alerts)} alerts, ${String(total.repairs)} repairs, ${String(total.deadLetters)} dead letters, ${String(total.attributed)} changes attributed`,
  );
  console.log(
    `Writes of the remediator: ${Object.keys(actionRisks)
      .map((action) => `${action} ${String(total.writes[action] ?? 0)}`)
      .join(', ')}; ${String(total.undone)} taken back, ${String(total.requeued)} tried again`,
  );
  const { isClean, lines } = verdict({ ...many, done, failed, processes, areWhole });
  for (const line of lines) console.log(line);
  return isClean ? 0 : 1;
}

function tellFailure({ seed, violations }: Simulated, fault: WrongName | null): void {
  console.log(replayOf(seed, fault));
  for (const violation of violations.slice(0, 3)) console.log(`  ${violation}`);
  if (violations.length > 3) console.log(`  and ${String(violations.length - 3)} more`);
}
