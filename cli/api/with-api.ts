import { abortable } from '../abortable.ts';
import type { Io } from '../io.ts';
import { startProgress } from '../progress.ts';
import type { ApiAddress } from './api-address.ts';
import { type ApiClient, openApi } from './api-client.ts';

/**
 * Does something through the HTTP API.
 * @throws what `openApi` and the client throw
 */
export async function withApi<T>(io: Io, address: ApiAddress, work: (api: ApiClient) => Promise<T>): Promise<T> {
  const progress = startProgress(io, () => 'Asking the API');
  try {
    return await abortable(
      openApi(io, address, progress.say).then((api) => work(api)),
      io.signal,
    );
  } finally {
    progress.stop();
  }
}
