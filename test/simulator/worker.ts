/** One process of `inProcesses`: takes its order as its one argument, and sends what came of each seed. */
import type { Order } from './processes.ts';
import { simulate } from './simulate.ts';

const { seeds, from, step, fault } = JSON.parse(process.argv[2] ?? '') as Order;
for (let index = 0; index < seeds; index += 1) {
  process.send?.(await simulate(from + index * step, { fault }));
}
process.disconnect();
