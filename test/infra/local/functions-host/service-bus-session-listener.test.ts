import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { ServiceBusClient } from '@azure/service-bus';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { listenToSessions } from '../../../../infra/local/functions-host/service-bus-session-listener.ts';
import type { Invoker } from '../../../../infra/local/functions-host/invoker.ts';
import type { ServiceBusFunction } from '../../../../infra/local/functions-host/service-bus-listener.ts';

/** Takes connections and never says a word, so that what the client awaits on them does not settle. */
let mute: Server;
let client: ServiceBusClient;
const sockets = new Set<Socket>();

beforeEach(async () => {
  mute = createServer((socket) => sockets.add(socket.on('error', () => undefined).resume()));
  mute.listen(0, '127.0.0.1');
  await once(mute, 'listening');
  const { port } = mute.address() as AddressInfo;
  client = new ServiceBusClient(
    `Endpoint=sb://127.0.0.1:${String(port)};SharedAccessKeyName=local;SharedAccessKey=local;UseDevelopmentEmulator=true;`,
  );
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  mute.close();
  await client.close();
});

it('stops in good time although the client never says what became of an accepted session', async () => {
  const listener = listenToSessions(
    { name: 'jobs', trigger: { type: 'serviceBusQueue', queue: 'jobs', sessions: true } } as ServiceBusFunction,
    {
      client,
      invoker: {} as Invoker,
      log: () => undefined,
      maxAutoLockRenewalDurationMs: 1_000,
      maxConcurrentSessions: 2,
      sessionIdleMs: 50,
      retryDelayMs: 50,
      patienceMs: 200,
    },
  );
  await expect.poll(() => sockets.size).toBeGreaterThan(0);

  const closed = await Promise.race([
    listener.close().then(() => true),
    new Promise<boolean>((resolve) => setTimeout(resolve, 3_000, false)),
  ]);

  expect(closed).toBe(true);
});
