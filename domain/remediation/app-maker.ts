import type { RecordsReading } from '../audit/drift-ports.ts';
import type { AttributedActor } from '../drift/attribution.ts';
import type { ChangeRecord } from '../drift/conclude.ts';
import { isPassingGap } from '../model/passing-gap.ts';
import type { AppOfPlan } from './apps-of-plan.ts';

/** Who made an app, by the audit records of Entra. */
export type AppMaker =
  | { readonly kind: 'provider' }
  /** @param at epoch milliseconds */
  | { readonly kind: 'somebody'; readonly by: AttributedActor; readonly at: number }
  | { readonly kind: 'unknown'; readonly why: string }
  /** A record may be to come, or could not be read just now: ask again. */
  | { readonly kind: 'not-yet'; readonly why: string };

/** What is shown of it to whoever decides on a plan for the app. */
export interface AppMade {
  /** Lower case. */
  readonly appId: string;
  readonly displayName: string;
  readonly maker: AppMaker;
}

/** Entra keeps its audit records so long, and shorter in a tenant without a premium licence. */
const keptMs = 30 * 86_400_000;
/** Records come minutes late. */
const lateMs = 15 * 60_000;
/** Clocks of the directory and of its records may differ by so much. */
const askedBeforeMs = 60 * 60_000;

const makingActs = ['add application', 'add service principal'];

/**
 * Asks who made an app. One that is older than the records are kept is not asked about.
 * @param provider what the storage provider goes by in records, lower case: its appId, and the ids of its principals
 */
export async function makerOf(
  app: AppOfPlan,
  provider: ReadonlySet<string>,
  recordsOf: (objectIds: readonly string[], since: number) => Promise<RecordsReading>,
  now: number,
): Promise<AppMaker> {
  const { createdAt, objectIds, displayName } = app;
  if (createdAt === null) return { kind: 'unknown', why: `When ‹${displayName}› was made was not read` };
  if (createdAt <= now - keptMs) {
    return {
      kind: 'unknown',
      why: `‹${displayName}› was made on ${dayOf(createdAt)}, and the audit records of Entra are kept for 30 days`,
    };
  }
  const reading = await recordsOf(objectIds, createdAt - askedBeforeMs);
  if (reading.state === 'unreadable') {
    const needs = reading.needs === null ? '' : ` (${reading.needs})`;
    const why = `The audit records of Entra about ‹${displayName}› could not be read: ${reading.reason}${needs}`;
    return { kind: isPassingGap(reading) ? 'not-yet' : 'unknown', why };
  }
  const made = reading.records.filter((record) => isMaking(record, objectIds)).sort((a, b) => a.at - b.at);
  const foreign = made.find(({ actor }) => actor.objectId === null || !provider.has(actor.objectId));
  if (foreign !== undefined) return { kind: 'somebody', by: foreign.actor, at: foreign.at };
  if (made.length > 0) return { kind: 'provider' };
  const why = `The audit records of Entra do not say who made ‹${displayName}›`;
  return createdAt > now - lateMs ? { kind: 'not-yet', why: `${why} yet` } : { kind: 'unknown', why };
}

function isMaking({ operation, touched }: ChangeRecord, objectIds: readonly string[]): boolean {
  return (
    operation !== null &&
    makingActs.includes(operation.trim().toLowerCase()) &&
    touched.some(({ name }) => objectIds.includes(name.toLowerCase()))
  );
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
