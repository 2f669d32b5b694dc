import type { Server, Socket } from 'node:net';
import rhea, { type EventContext } from 'rhea';
import type { ServiceBusNamespace } from '../namespace.ts';
import { BrokerConnection } from './connection.ts';

export const loopback = '127.0.0.1';

/** The port the broker was told to use is taken. */
export class PortInUseError extends Error {
  readonly port: number;

  constructor(port: number, options?: ErrorOptions) {
    super(
      `The local Service Bus cannot listen on ${loopback}:${port}: the port is in use. Stop the program that holds it, or choose another port (0 picks a free one).`,
      options,
    );
    this.name = 'PortInUseError';
    this.port = port;
  }
}

/** A listening socket and the connections behind it. */
export interface Listener {
  readonly port: number;
  /** Destroys every socket at once, as a crash would: a graceful close leaves clients waiting. */
  stop(): Promise<void>;
}

/** Listens for plaintext AMQP on the loopback address. @throws PortInUseError */
export async function listen(port: number, namespace: ServiceBusNamespace, newId: () => string): Promise<Listener> {
  const container = rhea.create_container({
    autoaccept: false,
    autosettle: false,
    treat_modified_as_released: false,
  });
  const connections = new Set<BrokerConnection>();
  const sockets = new Set<Socket>();
  container.on('connection_open', ({ connection }: EventContext) => {
    const served = new BrokerConnection(connection, namespace, newId);
    connections.add(served);
    connection.once('disconnected', () => connections.delete(served));
  });
  // A client that vanishes or misbehaves is its own affair; without a listener rhea would throw here.
  for (const event of errorEvents) container.on(event, () => undefined);

  const server = container.listen({ host: loopback, port, tcp_no_delay: true } as { host: string; port: number });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const boundPort = await listening(server, port);
  return {
    port: boundPort,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const connection of connections) connection.close();
      // rhea stops its own timers only when the socket fails, not when it is merely destroyed.
      for (const socket of sockets) socket.destroy(new Error('The local Service Bus was stopped.'));
      await closed;
    },
  };
}

const errorEvents = [
  'error',
  'protocol_error',
  'connection_error',
  'session_error',
  'receiver_error',
  'sender_error',
  'disconnected',
];

async function listening(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new PortInUseError(port, { cause: error }) : error);
    });
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}
