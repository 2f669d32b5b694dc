import { describe, expect, it } from 'vitest';

import { actionRisks } from '../../domain/remediation/actions.ts';
import { addCounts, noCounts } from './counts.ts';
import { inProcesses } from './processes.ts';
import { simulate } from './simulate.ts';

describe('Under each of 200 seeds', () => {
  const total = noCounts();

  it('everything holds', { timeout: 300_000 }, async () => {
    const seeds = new Set<number>();
    const failed: string[] = [];
    const { areWhole } = await inProcesses({ seeds: 200, from: 1, fault: null }, ({ seed, violations, counts }) => {
      seeds.add(seed);
      addCounts(total, counts);
      for (const violation of violations) failed.push(`npm run simulate -- --seed ${String(seed)}: ${violation}`);
    });
    expect(failed).toEqual([]);
    expect({ seeds: seeds.size, areWhole }).toEqual({ seeds: 200, areWhole: true });
  });

  it.each(Object.keys(actionRisks))('%s is carried out, under some of them', (action) => {
    expect(total.writes[action]).toBeGreaterThan(0);
  });

  it('jobs are taken back and tried again, under some of them', () => {
    expect(total.undone).toBeGreaterThan(0);
    expect(total.requeued).toBeGreaterThan(0);
  });
});

describe('A seed', () => {
  it('makes the same trace each time, to the letter', async () => {
    const traces = [[], []] as [string[], string[]];
    for (const trace of traces) {
      await simulate(7, { fault: null, write: (line) => trace.push(line) });
    }
    expect(traces[0].length).toBeGreaterThan(500);
    expect(traces[1]).toEqual(traces[0]);
  });

  it('makes the same whether it is told or not', async () => {
    const told = await simulate(8, { fault: null, write: () => undefined });
    expect(await simulate(8, { fault: null })).toEqual(told);
  });

  it('makes another trace than its neighbour', async () => {
    const [one, other] = [await simulate(9, { fault: null }), await simulate(10, { fault: null })];
    expect(other.counts).not.toEqual(one.counts);
  });
});
