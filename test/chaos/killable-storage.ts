import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { DEV_ACCOUNT_KEY, DEV_ACCOUNT_NAME } from '../../infra/local/storage/dev-account.ts';
import type { FromStorage, ToStorage } from './storage-messages.ts';

const program = fileURLToPath(new URL('storage-child.ts', import.meta.url));

/** Tables and blobs in a process of their own, on disk; it may be killed at any moment and started again on the same ports. */
export interface KillableStorage {
  readonly connectionString: string;
  /** SIGKILL, in the middle of whatever it is doing, after its last words (`silenceable`). Resolves when it is gone. */
  kill(): Promise<void>;
  /** Resolves once it listens again, with everything that it had acknowledged. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** @param location directory for the data; made where it is not there */
export async function startKillableStorage(location: string): Promise<KillableStorage> {
  let ports = { tablePort: 0, blobPort: 0 };
  let child: ChildProcess | null = null;

  async function start(): Promise<void> {
    child = fork(program, { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const answer = await ask(child, { kind: 'start', location, ...ports });
    if (answer.kind === 'ready') ports = { tablePort: answer.tablePort, blobPort: answer.blobPort };
  }

  async function kill(): Promise<void> {
    if (child === null) return;
    await ask(child, { kind: 'silence' });
    await end();
  }

  async function end(): Promise<void> {
    if (child === null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    child = null;
  }

  await start();
  const endpoint = (port: number): string => `http://127.0.0.1:${String(port)}/${DEV_ACCOUNT_NAME}`;
  return {
    connectionString: [
      'DefaultEndpointsProtocol=http',
      `AccountName=${DEV_ACCOUNT_NAME}`,
      `AccountKey=${DEV_ACCOUNT_KEY}`,
      `BlobEndpoint=${endpoint(ports.blobPort)}`,
      `TableEndpoint=${endpoint(ports.tablePort)}`,
    ].join(';'),
    kill,
    start,
    stop: end,
  };
}

async function ask(child: ChildProcess, question: ToStorage): Promise<FromStorage> {
  const answered = once(child, 'message') as Promise<[FromStorage]>;
  const gone = once(child, 'exit').then(() => {
    throw new Error(`The local storage ended by itself when it was to ${question.kind}`);
  });
  // It ends at last, when nobody waits for an answer.
  gone.catch(() => undefined);
  child.send(question);
  const [answer] = await Promise.race([answered, gone]);
  return answer;
}
