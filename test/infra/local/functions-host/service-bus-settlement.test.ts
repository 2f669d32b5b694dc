import type { ServiceBusReceivedMessage } from '@azure/service-bus';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import type { Invoker } from '../../../../infra/local/functions-host/invoker.ts';
import type { RegisteredFunction } from '../../../../infra/local/functions-host/registered-function.ts';
import { processMessage } from '../../../../infra/local/functions-host/service-bus-settlement.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const target = { name: 'work' } as RegisteredFunction;
const invoker = { invoke: () => Promise.resolve({}) } as unknown as Invoker;
const message = { messageId: 'm-one', body: '{}' } as unknown as ServiceBusReceivedMessage;

it('lets a message go when the client never says what became of its settlement, which a dropped connection leads to', async () => {
  const steps: string[] = [];
  const never = new Promise<void>(() => undefined);
  const processed = processMessage(
    target,
    {
      completeMessage: () => {
        steps.push('complete');
        return never;
      },
      abandonMessage: () => never,
    },
    message,
    { invoker, log: ({ message: said }) => steps.push(said), onHandled: () => steps.push('handled') },
  );
  await vi.advanceTimersByTimeAsync(10_000);
  await processed;

  // Its lock is not kept beyond the handler, else nobody else would have the message either.
  expect(steps).toEqual([
    'handled',
    'complete',
    'Message m-one could not be completed and will be delivered again: there was no answer.',
  ]);
});
