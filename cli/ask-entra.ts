import { preflightApps, type PreflightApp, type PreflightApps } from '../domain/audit/preflight-apps.ts';
import { type AnswersForApp, secondOpinion, type SecondOpinion } from '../domain/audit/second-opinion.ts';
import type { CollectionName, Gap } from '../domain/model/collection.ts';
import type { ConditionalAccessPolicy } from '../domain/model/conditional-access-policy.ts';
import type { Settings } from '../domain/model/settings.ts';
import { enabledRules } from '../domain/rules/index.ts';
import type { LiveEstate } from '../infra/azure/estate.ts';
import type { Failure } from '../infra/azure/failure.ts';
import { SignInRefused } from '../infra/azure/identity/sign-in-refused.ts';
import type { EstateSource } from '../infra/estate-source.ts';
import { readDirectoryFacts, readStorageAccounts } from '../infra/facts.ts';
import { onlyOf } from '../infra/only-of.ts';
import { UsageError } from './exit-code.ts';
import type { Io } from './io.ts';
import { readTogether, tenantIdOf } from './open-source.ts';
import { signIn } from './sign-in.ts';

/** What the search for storage apps rests on. */
const appCollections: readonly CollectionName[] = ['storage-accounts', 'applications', 'service-principals'];

/** Conditional Access takes one request a second. */
const mostApps = 20;

/** What Entra said, beside what we say. */
export interface EntraSays {
  /** As it was typed. */
  readonly user: string;
  /** null where it was not read. */
  readonly userId: string | null;
  /** Whose apps were asked about; by account name. */
  readonly asked: readonly PreflightApp[];
  /** How many storage apps were left out, so that asking takes no longer than half a minute. */
  readonly leftOut: number;
  /** Of the policies that have an id, in their order. */
  readonly policies: readonly SecondOpinion[];
  /** Why not everything was asked. */
  readonly failures: readonly Failure[];
  /** What could not be read of the live estate. */
  readonly gaps: readonly Gap[];
}

/** The storage apps of a source. Throws what `source.read` throws. */
export async function readApps(source: EstateSource, settings: Settings): Promise<PreflightApps> {
  const limited = onlyOf(source, new Set(appCollections));
  const [directory, accounts] = await Promise.all([readDirectoryFacts(limited), readStorageAccounts(limited)]);
  return preflightApps(directory, accounts, settings);
}

export interface Question {
  readonly user: string;
  readonly policies: readonly ConditionalAccessPolicy[];
  /** The estate of a snapshot; null: the live one. */
  readonly snapshot: { readonly tenantId: string; readonly apps: PreflightApps } | null;
  readonly settings: Settings;
}

/**
 * Asks Entra itself what the policies that exist in the tenant would do to a user at the storage apps. A policy without an id
 * exists nowhere yet, so where none has one nobody is asked.
 *
 * @param say where to type a device code, and how the person signed in
 * @throws UsageError for a user who is not there and for a snapshot of another tenant; SignInRefused, ConfigInvalid
 */
export async function askEntra(
  { user, policies, snapshot, settings }: Question,
  io: Io,
  say: (text: string) => void,
): Promise<EntraSays> {
  if (user.trim() === '') throw new UsageError('--what-if names nobody; give an object id or a user principal name.');
  const known = policies.filter(({ id }) => id !== null);
  const nothing = { user, userId: null, asked: [], leftOut: 0, policies: [], failures: [], gaps: [] };
  if (known.length === 0) return nothing;
  const { evaluateSignIn, whatIfPermission } = await import('../infra/azure/graph/what-if.ts');
  const { findUser, findUserPermission, isObjectId } = await import('../infra/azure/graph/find-user.ts');
  const scopes = [whatIfPermission, ...(isObjectId(user) ? [] : [findUserPermission])];
  const source = await openTenant(snapshot?.tenantId ?? null, settings, scopes, io, say);

  const found = await findUser(source.graph, user);
  if (found.state === 'absent') {
    throw new UsageError(`--what-if ${user}: the tenant has no such user; give an object id or a user principal name.`);
  }
  if (found.state === 'unreadable') return { ...nothing, failures: [refusedOr(found.failure)] };
  if (snapshot === null) await readTogether(source, appCollections);
  const estate = snapshot?.apps ?? (await readApps(source, settings));
  const apps = [...new Map(estate.apps.toReversed().map((app) => [app.target.appId, app])).values()].toReversed();
  const asked = apps.slice(0, mostApps);
  const answers: AnswersForApp[] = [];
  const failures: Failure[] = [];
  for (const app of asked) {
    io.signal.throwIfAborted();
    const reading = await evaluateSignIn(source.graph, found.id, app.target.appId);
    if (reading.state === 'read') answers.push({ app, answers: reading.answers });
    else failures.push(refusedOr(reading.failure));
    // What refuses one question refuses the others too.
    if (failures.length > 0) break;
  }
  return {
    user,
    userId: found.id,
    asked: answers.map(({ app }) => app),
    leftOut: apps.length - asked.length,
    policies: known.map((policy) => secondOpinion(policy, answers)),
    failures,
    gaps: snapshot === null ? estate.gaps : [],
  };
}

/** The tenant of the sign-in, which has to be that of the snapshot. */
async function openTenant(
  snapshotTenant: string | null,
  settings: Settings,
  scopes: readonly string[],
  io: Io,
  say: (text: string) => void,
): Promise<LiveEstate> {
  const tenantId = tenantIdOf(io);
  if (snapshotTenant !== null && snapshotTenant !== tenantId) {
    throw new UsageError(
      `--what-if asks tenant ${tenantId} (KERBWATCH_TENANT_ID), and the snapshot is of tenant ${snapshotTenant}; both have to be the same.`,
    );
  }
  const [access, { liveEstateOf }] = await Promise.all([
    // What the rules read finds the apps too; with a snapshot they are known.
    signIn(io, tenantId, say, () => (snapshotTenant === null ? enabledRules(settings) : []), scopes),
    import('../infra/compose.ts'),
  ]);
  return liveEstateOf(io.env, settings, tenantId, { ...access, signal: io.signal });
}

/** @throws SignInRefused where the token itself was refused */
function refusedOr(failure: Failure): Failure {
  if (failure.reason !== 'unauthorized') return failure;
  throw new SignInRefused('Microsoft Graph', 'it answered 401; sign in again.');
}
