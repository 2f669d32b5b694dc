import { describe, expect, it } from 'vitest';
import { Deadlines } from '../../../../infra/local/service-bus/deadlines.ts';
import { MinHeap } from '../../../../infra/local/service-bus/min-heap.ts';

describe('deadlines', () => {
  it('run what is due, earliest first, and leave the rest', () => {
    let now = 0;
    const deadlines = new Deadlines(() => now);
    const ran: string[] = [];
    deadlines.at(30, () => ran.push('thirty'));
    deadlines.at(10, () => ran.push('ten'));
    deadlines.at(20, () => ran.push('twenty'));

    now = 20;
    deadlines.run();

    expect(ran).toEqual(['ten', 'twenty']);
    expect(deadlines.nextAt()).toBe(30);
  });

  it('forget what was cancelled, also when thousands were', () => {
    const deadlines = new Deadlines(() => 100_000);
    const ran: number[] = [];
    const pending = Array.from({ length: 5_000 }, (_, index) => deadlines.at(index, () => ran.push(index)));
    for (const [index, deadline] of pending.entries()) if (index !== 4_321) deadline.cancel();
    for (const deadline of pending.slice(0, 10)) deadline.cancel();

    expect(deadlines.nextAt()).toBe(4_321);
    deadlines.run();

    expect(ran).toEqual([4_321]);
    expect(deadlines.nextAt()).toBeUndefined();
  });

  it('tell when a new one comes before all others', () => {
    const deadlines = new Deadlines(() => 0);
    let earlier = 0;
    deadlines.onEarlier(() => (earlier += 1));

    deadlines.at(20, () => undefined);
    deadlines.at(30, () => undefined);
    deadlines.at(10, () => undefined);

    expect(earlier).toBe(2);
  });

  it('run what a running one makes due', () => {
    const deadlines = new Deadlines(() => 10);
    const ran: string[] = [];
    deadlines.at(5, () => {
      ran.push('outer');
      deadlines.at(6, () => ran.push('inner'));
      deadlines.run();
    });

    deadlines.run();

    expect(ran).toEqual(['outer', 'inner']);
  });
});

describe('the heap under them', () => {
  it('gives back any numbers in ascending order', () => {
    const numbers = Array.from({ length: 500 }, (_, index) => (index * 7_919) % 1_009);
    const heap = new MinHeap<number>((number) => number);
    for (const number of numbers) heap.push(number);

    const popped = numbers.map(() => heap.pop());

    expect(popped).toEqual([...numbers].sort((a, b) => a - b));
    expect(heap.pop()).toBeUndefined();
  });
});
