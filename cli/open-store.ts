import type { TokenCredential } from '@azure/core-auth';
import { SignInRefused } from '../infra/azure/identity/sign-in-refused.ts';
import { connections } from '../infra/names.ts';
import type { Store } from '../infra/store.ts';
import { abortable } from './abortable.ts';
import { UsageError } from './exit-code.ts';
import type { Io } from './io.ts';
import { startProgress } from './progress.ts';
import { signIn } from './sign-in.ts';

/**
 * Does something with the store that the environment names.
 * @throws UsageError where it names none, SignInRefused where the store refuses the caller, StoreUnreachable
 */
export async function withStore<T>(io: Io, work: (store: Store) => Promise<T>): Promise<T> {
  const progress = startProgress(io, () => 'Reading the store');
  try {
    const store = await opened(io, progress.say);
    try {
      return await abortable(work(store), io.signal);
    } catch (error) {
      throw refusalOf(error, store.host) ?? error;
    }
  } finally {
    progress.stop();
  }
}

/**
 * Changes something in the store where no `KERBWATCH_API` is set, which only the HTTP API may do: it takes the actor from the caller's token. The embedded
 * cloud's store is the exception, since it is on this machine.
 * @param command as it is typed
 * @throws UsageError for any other store, and what `withStore` throws
 */
export async function withLocalStore<T>(io: Io, command: string, work: (store: Store) => Promise<T>): Promise<T> {
  return withStore(io, (store) => {
    if (store.isLocal) return work(store);
    throw new UsageError(
      `kerbwatch ${command} cannot change the store at ${store.host}: changes go through the HTTP API, which knows who makes ` +
        'them. Set KERBWATCH_API to its address, such as https://APP.azurewebsites.net/api. Nothing was changed.',
    );
  });
}

async function opened(io: Io, tell: (text: string) => void): Promise<Store> {
  const { openStore } = await import('../infra/store.ts');
  const names = Object.keys(io.env).filter((name) => name.startsWith(connections.storage) && io.env[name] !== '');
  if (names.length === 0) {
    throw new UsageError(
      `Which store? Set ${connections.storage} to a connection string, or ${connections.storage}__tableServiceUri and ` +
        '__blobServiceUri to the addresses of the services. For the embedded cloud, npm start -- --watch prints it.',
    );
  }
  const credential = await credentialOf(io, tell);
  try {
    return openStore(io.env, credential);
  } catch (cause) {
    if (!(cause instanceof Error) || cause.name === 'StorageSettingsInvalid') throw cause;
    throw new UsageError(
      `${connections.storage} is no connection string: it looks like DefaultEndpointsProtocol=https;AccountName=…;AccountKey=…`,
      { cause },
    );
  }
}

/** With a connection string nobody signs in. */
async function credentialOf(io: Io, tell: (text: string) => void): Promise<() => TokenCredential> {
  if ((io.env[connections.storage] ?? '') !== '') {
    return () => {
      throw new Error('A connection string needs no credential');
    };
  }
  const { credentials } = await signIn(io, io.env['KERBWATCH_TENANT_ID'] ?? null, tell, () => []);
  return () => credentials.arm;
}

/** What the service said to a caller it does not let in; null for any other error. */
function refusalOf(error: unknown, host: string): SignInRefused | null {
  if (!(error instanceof Error) || error.name !== 'RestError' || !('statusCode' in error)) return null;
  if (error.statusCode !== 401 && error.statusCode !== 403) return null;
  const reason = 'code' in error && typeof error.code === 'string' ? error.code : String(error.statusCode);
  return new SignInRefused(
    `storage at ${host}`,
    `it answered ${reason}. Reading needs the roles Storage Table Data Reader and Storage Blob Data Reader, or the account key.`,
    { cause: error },
  );
}
