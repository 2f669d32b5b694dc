import type { Check } from './checks.ts';
import type { Played } from './play.ts';
import type { World } from './world.ts';

/** Every finding as it stands, in words that are the same for two runs of one script. */
export async function findingsOf({ store }: World, { names }: Played): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const { id, state, outcome, severity, deciders, episode } of store.findings.list()) {
    const by = deciders.map((decider) => names.in(decider)).sort();
    lines.push(`${names.in(id)} ${state} ${outcome} ${severity} episode ${String(episode)} by ${by.join(', ')}`);
  }
  return lines.sort();
}

/** The jobs by what they did and how they ended. For which accounts a dry run was planned depends on when it was. */
export async function jobsOf({ store }: World): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const { job, state } of store.jobs.list()) {
    if (state !== 'dry-run')
      lines.push(`${job.plan.action} ${job.accounts.map(({ name }) => name).join(', ')} ${state}`);
  }
  return lines.sort();
}

/** That there was something to hold against anything: two runs in which nothing happened are alike, and break nothing. */
export function someOf(name: string, counts: Readonly<Record<string, number>>): Check {
  const none = Object.entries(counts).filter(([, count]) => count === 0);
  return { name, violations: none.map(([what]) => `no ${what}`) };
}

/** That two runs ended alike, line by line. */
export function sameAs(name: string, calm: readonly string[], chaos: readonly string[]): Check {
  return {
    name,
    violations: [
      ...missing(calm, chaos).map((line) => `only in the calm run: ${line}`),
      ...missing(chaos, calm).map((line) => `only with kills: ${line}`),
    ],
  };
}

/** The lines of `from` that `others` lack, a line that is there twice counted twice. */
function missing(from: readonly string[], others: readonly string[]): readonly string[] {
  const left = [...others];
  return from.filter((line) => {
    const index = left.indexOf(line);
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}
