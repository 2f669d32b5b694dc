import { describe, expect, it } from 'vitest';
import { Deadlines } from '../../../../infra/local/service-bus/deadlines.ts';
import type { MessageContent, ReceivedMessage } from '../../../../infra/local/service-bus/message.ts';
import { ServiceBusNamespace } from '../../../../infra/local/service-bus/namespace.ts';
import type { QueueEntity } from '../../../../infra/local/service-bus/queue.ts';
import { Refusal } from '../../../../infra/local/service-bus/refusal.ts';
import type { QueueOptions } from '../../../../infra/local/service-bus/topology.ts';

interface Bench {
  queue: QueueEntity;
  deadLetters: QueueEntity;
  deadlines: Deadlines;
  pass: (milliseconds: number) => void;
}

/** A queue on a clock that moves only by `pass`, which carries out what fell due. */
function bench(options: Omit<QueueOptions, 'name'> = {}): Bench {
  let now = 1_000_000;
  let tokens = 0;
  const deadlines = new Deadlines(() => now);
  const namespace = new ServiceBusNamespace({
    topology: { queues: [{ name: 'q', ...options }], topics: [] },
    deadlines,
    newLockToken: () => `token-${(tokens += 1)}`,
  });
  return {
    queue: namespace.queue('q'),
    deadLetters: namespace.queue('q/$DeadLetterQueue'),
    deadlines,
    pass(milliseconds) {
      now += milliseconds;
      deadlines.run();
    },
  };
}

function content(messageId: string, more: Partial<MessageContent> = {}): MessageContent {
  return { messageId, sizeBytes: 10, payload: messageId, ...more };
}

function take(queue: QueueEntity): ReceivedMessage {
  const received = queue.receive('peekLock');
  if (received === undefined) throw new Error('The queue has nothing ready.');
  return received;
}

function tokenOf({ lock }: ReceivedMessage): string {
  if (lock === undefined) throw new Error('The message is not locked.');
  return lock.token;
}

describe('a queue on its own clock', () => {
  it('holds a lock for exactly its duration', () => {
    const { queue, pass } = bench({ lockDurationMs: 1_000 });
    queue.intake.accept(content('a'));
    const first = take(queue);

    pass(999);
    expect(queue.counts()).toEqual({ ready: 0, locked: 1 });
    pass(1);

    expect(queue.counts()).toEqual({ ready: 1, locked: 0 });
    expect(() => queue.settle(tokenOf(first), { kind: 'complete' })).toThrow(Refusal);
    expect(take(queue).message.deliveryCount).toBe(1);
  });

  it('notices an expired lock even when no timer ran', () => {
    let now = 0;
    const deadlines = new Deadlines(() => now);
    const queue = new ServiceBusNamespace({
      topology: { queues: [{ name: 'q', lockDurationMs: 10 }], topics: [] },
      deadlines,
      newLockToken: () => 'token',
    }).queue('q');
    queue.intake.accept(content('a'));
    take(queue);
    now = 10;

    expect(() => queue.settle('token', { kind: 'complete' })).toThrow(/expired/);
    expect(queue.counts().ready).toBe(1);
  });

  it('lets a locked message outlive its time to live, and expires it when the lock ends', () => {
    const { queue, deadLetters, pass } = bench({ lockDurationMs: 1_000, deadLetterOnExpiry: true });
    queue.intake.accept(content('a', { timeToLiveMs: 500 }));
    const held = take(queue);
    pass(600);
    expect(queue.renew(tokenOf(held))).toBe(1_001_600);

    queue.settle(tokenOf(held), { kind: 'abandon', properties: {} });

    expect(queue.counts()).toEqual({ ready: 0, locked: 0 });
    expect(deadLetters.counts().ready).toBe(1);
  });

  it('expires a deferred message only when it is asked for', () => {
    const { queue, deadLetters, pass } = bench({ deadLetterOnExpiry: true });
    queue.intake.accept(content('a', { timeToLiveMs: 500 }));
    queue.settle(tokenOf(take(queue)), { kind: 'defer', properties: {} });
    pass(600);
    expect(deadLetters.counts().ready).toBe(0);

    expect(() => queue.receiveDeferred([1], 'peekLock')).toThrow(/not available/);

    expect(deadLetters.counts().ready).toBe(1);
  });

  it('returns an abandoned deferred message to the deferred ones', () => {
    const { queue } = bench();
    queue.intake.accept(content('a'));
    queue.settle(tokenOf(take(queue)), { kind: 'defer', properties: {} });
    const [deferred] = queue.receiveDeferred([1], 'peekLock');
    if (deferred === undefined) throw new Error('The deferred message did not come.');

    queue.settle(tokenOf(deferred), { kind: 'abandon', properties: {} });

    expect(queue.receive('peekLock')).toBeUndefined();
    expect(queue.receiveDeferred([1], 'peekLock')[0]?.message.deliveryCount).toBe(1);
  });

  it('hands out nothing when one of several deferred numbers is unknown', () => {
    const { queue } = bench();
    queue.intake.accept(content('a'));
    queue.settle(tokenOf(take(queue)), { kind: 'defer', properties: {} });

    expect(() => queue.receiveDeferred([1, 2], 'receiveAndDelete')).toThrow(/Message 2/);

    expect(queue.receiveDeferred([1], 'peekLock')).toHaveLength(1);
  });

  it('keeps sequence numbers through dead-lettering and numbers a scheduled message anew when it arrives', () => {
    const { queue, deadLetters, pass } = bench();
    expect(queue.intake.accept(content('later'), 1_000_500)).toBe(1);
    expect(queue.intake.accept(content('now'))).toBe(2);

    queue.settle(tokenOf(take(queue)), { kind: 'dead-letter', properties: {} });
    pass(500);

    expect(deadLetters.peek(0, 10).map(({ sequenceNumber }) => sequenceNumber)).toEqual([2]);
    expect(queue.peek(0, 10).map(({ sequenceNumber }) => sequenceNumber)).toEqual([3]);
  });

  it('remembers ids for the window and no longer, counted from the first', () => {
    const { queue, pass } = bench({ duplicateDetectionWindowMs: 1_000 });
    queue.intake.accept(content('a'));
    pass(600);
    queue.intake.accept(content('a'));
    pass(399);
    queue.intake.accept(content('a'));
    expect(queue.counts().ready).toBe(1);

    pass(1);
    queue.intake.accept(content('a'));

    expect(queue.counts().ready).toBe(2);
  });

  it('leaves no deadline behind when everything is settled', () => {
    const { queue, deadlines } = bench({ defaultTimeToLiveMs: 60_000 });
    for (const id of ['a', 'b', 'c']) queue.intake.accept(content(id));
    for (let left = 3; left > 0; left -= 1) queue.settle(tokenOf(take(queue)), { kind: 'complete' });

    expect(deadlines.nextAt()).toBeUndefined();
  });
});

describe('sessions on their own clock', () => {
  it('grant waiting receivers in the order they came', () => {
    const { queue } = bench({ requiresSession: true });
    const granted: string[] = [];
    queue.sessions.acceptNext(({ sessionId }) => granted.push(`first: ${sessionId}`));
    queue.sessions.acceptNext(({ sessionId }) => granted.push(`second: ${sessionId}`));

    queue.intake.accept(content('1', { sessionId: 'a' }));
    queue.intake.accept(content('2', { sessionId: 'b' }));

    expect(granted).toEqual(['first: a', 'second: b']);
  });

  it('grant nothing to a receiver that went away', () => {
    const { queue } = bench({ requiresSession: true });
    const granted: string[] = [];
    const withdraw = queue.sessions.acceptNext(({ sessionId }) => granted.push(sessionId));
    withdraw?.();

    queue.intake.accept(content('1', { sessionId: 'a' }));

    expect(granted).toEqual([]);
  });

  it('count a failed delivery when the lock runs out, and tell the holder once', () => {
    const { queue, pass } = bench({ requiresSession: true, lockDurationMs: 1_000, maxDeliveryCount: 2 });
    queue.intake.accept(content('1', { sessionId: 'a' }));
    let lost = 0;
    for (const expectedCount of [0, 1]) {
      const hold = queue.sessions.accept('a');
      hold.onLost = () => (lost += 1);
      expect(queue.receive('peekLock', hold)?.message.deliveryCount).toBe(expectedCount);
      pass(1_000);
      queue.sessions.release(hold);
    }

    expect(lost).toBe(2);
    expect(queue.deadLetters?.counts().ready).toBe(1);
  });

  it('hand nothing to a holder whose lock has ended', () => {
    const { queue, pass } = bench({ requiresSession: true, lockDurationMs: 1_000 });
    const hold = queue.sessions.accept('a');
    pass(1_000);
    queue.intake.accept(content('1', { sessionId: 'a' }));

    expect(queue.receive('peekLock', hold)).toBeUndefined();
    expect(() => queue.sessions.renew('a')).toThrow(Refusal);
  });
});
