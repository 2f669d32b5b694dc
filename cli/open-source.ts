import { type CollectionName, gapsOf } from '../domain/model/collection.ts';
import type { Settings } from '../domain/model/settings.ts';
import { enabledRules } from '../domain/rules/index.ts';
import type { SignedIn } from '../infra/azure/identity/first-that-works.ts';
import { SignInRefused } from '../infra/azure/identity/sign-in-refused.ts';
import { ConfigInvalid, required } from '../infra/config.ts';
import type { EstateSource } from '../infra/estate-source.ts';
import { defaultSettings } from '../infra/settings/parse-settings.ts';
import type { Io } from './io.ts';
import { settingsFor } from './settings.ts';
import { signIn } from './sign-in.ts';

type Tell = (text: string) => void;

export interface OpenedSource {
  readonly source: EstateSource;
  readonly settings: Settings;
  /** How the person signed in for Microsoft Graph, once that was read; null for a snapshot, and for a token that was given. */
  readonly forGraph: () => SignedIn | null;
}

/**
 * Live Azure, as the person at the terminal sees it, and the settings that say which part of it. Nothing is read yet.
 *
 * @param tell says where to type a device code, and how the person signed in
 * @throws ConfigInvalid, EndpointInvalid and what `settingsFor` throws
 */
export async function openLive(io: Io, settingsFile: string | undefined, tell: Tell): Promise<OpenedSource> {
  const { env, signal } = io;
  const tenantId = tenantIdOf(io);
  let settings = defaultSettings();
  const [{ forGraph, ...access }, { liveEstateOf }] = await Promise.all([
    signIn(io, tenantId, tell, () => enabledRules(settings)),
    import('../infra/compose.ts'),
  ]);
  settings = await settingsFor(settingsFile, env, () => Promise.resolve(access.credentials.arm));
  return { source: liveEstateOf(env, settings, tenantId, { ...access, signal }), settings, forGraph };
}

/**
 * A snapshot directory, with its settings.
 *
 * @param tell as for `openLive`: the settings may be a blob
 * @throws SnapshotNotFound, SnapshotMalformed and what `settingsFor` throws
 */
export async function openDirectory(
  io: Io,
  directory: string,
  settingsFile: string | undefined,
  tell: Tell,
): Promise<OpenedSource> {
  const [{ openDirectoryFiles }, { openSnapshot }] = await Promise.all([
    import('../infra/snapshot/directory-files.ts'),
    import('../infra/snapshot/open-snapshot.ts'),
  ]);
  const settings = await offlineSettings(io, settingsFile, tell);
  return { source: await openSnapshot(openDirectoryFiles(directory)), settings, forGraph: () => null };
}

/**
 * The settings of a command that asks Azure nothing else.
 *
 * @param tell as for `openLive`: the settings may be a blob
 * @throws what `settingsFor` throws
 */
export function offlineSettings(io: Io, settingsFile: string | undefined, tell: Tell): Promise<Settings> {
  return settingsFor(settingsFile, io.env, async () => (await signIn(io, null, tell, () => [])).credentials.arm);
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
export function tenantIdOf({ env }: Pick<Io, 'env'>): string {
  const what = 'the id of your Entra tenant (only `audit --snapshot DIR` does without)';
  const tenantId = required(env, 'KERBWATCH_TENANT_ID', what).toLowerCase();
  if (/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/u.test(tenantId)) return tenantId;
  throw new ConfigInvalid(`KERBWATCH_TENANT_ID is '${tenantId}', which is no id; set it to ${what}`);
}
