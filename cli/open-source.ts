import { type CollectionName, gapsOf } from '../domain/model/collection.ts';
import type { Settings } from '../domain/model/settings.ts';
import { SignInRefused } from '../infra/azure/identity/sign-in-refused.ts';
import { ConfigInvalid, required } from '../infra/config.ts';
import type { EstateSource } from '../infra/estate-source.ts';
import type { Io } from './io.ts';
import { settingsFor } from './settings.ts';

type Prompt = (text: string) => void;

export interface OpenedSource {
  readonly source: EstateSource;
  readonly settings: Settings;
}

/**
 * Live Azure, as the person at the terminal sees it, and the settings that say which part of it. Nothing is read yet.
 *
 * @param prompt tells where to type a device code
 * @throws ConfigInvalid, EndpointInvalid and what `settingsFor` throws
 */
export async function openLive(io: Io, settingsFile: string | undefined, prompt: Prompt): Promise<OpenedSource> {
  const { env, signal } = io;
  const tenantId = tenantIdOf(io);
  const [access, { liveEstateOf }] = await Promise.all([signIn(io, tenantId, prompt), import('../infra/compose.ts')]);
  const settings = await settingsFor(settingsFile, env, () => Promise.resolve(access.credentials.arm));
  return { source: liveEstateOf(env, settings, tenantId, { ...access, signal }), settings };
}

/**
 * A snapshot directory, with its settings.
 *
 * @param prompt as for `openLive`: the settings may be a blob
 * @throws SnapshotNotFound, SnapshotMalformed and what `settingsFor` throws
 */
export async function openDirectory(
  io: Io,
  directory: string,
  settingsFile: string | undefined,
  prompt: Prompt,
): Promise<OpenedSource> {
  const [{ openDirectoryFiles }, { openSnapshot }] = await Promise.all([
    import('../infra/snapshot/directory-files.ts'),
    import('../infra/snapshot/open-snapshot.ts'),
  ]);
  const settings = await settingsFor(
    settingsFile,
    io.env,
    async () => (await signIn(io, null, prompt)).credentials.arm,
  );
  return { source: await openSnapshot(openDirectoryFiles(directory)), settings };
}

async function signIn({ env, now }: Io, tenantId: string | null, prompt: Prompt) {
  const [{ resolveEndpoints }, { resolveCredentials }] = await Promise.all([
    import('../infra/azure/endpoints.ts'),
    import('../infra/azure/identity/resolve-credentials.ts'),
  ]);
  const endpoints = resolveEndpoints(env);
  return { endpoints, credentials: resolveCredentials({ caller: 'person', endpoints, env, tenantId, prompt, now }) };
}

/**
 * Reads collections together; the source remembers them. Where no endpoint took the token there is nothing to report on:
 * that is a refused sign-in, not an incomplete audit.
 *
 * @throws SignInRefused and what `source.read` throws
 */
export async function readTogether(source: EstateSource, collections: readonly CollectionName[]): Promise<void> {
  const read = await Promise.all(collections.map((name) => source.read(name)));
  const refused = read.every(
    (collection) =>
      collection.state === 'unavailable' && collection.gaps.every(({ reason }) => reason === 'unauthorized'),
  );
  if (!refused) return;
  const scopes = [...new Set(read.flatMap((collection) => gapsOf(collection)).map(({ scope }) => scope))].join(', ');
  throw new SignInRefused('Azure', `every request was answered 401 (${scopes}); sign in again.`);
}

/** Lower case. A domain name would do for signing in, yet accounts and snapshots name their tenant by its id. */
function tenantIdOf({ env }: Io): string {
  const what = 'the id of your Entra tenant (only `audit --snapshot DIR` does without)';
  const tenantId = required(env, 'KERBWATCH_TENANT_ID', what).toLowerCase();
  if (/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/u.test(tenantId)) return tenantId;
  throw new ConfigInvalid(`KERBWATCH_TENANT_ID is '${tenantId}', which is no id; set it to ${what}`);
}
