import type { LocalActor } from '../caller.ts';
import type { WireObject } from '../wire-object.ts';

/** What Entra writes down of one act. */
export interface AuditedAct {
  readonly activity: string;
  /** `Policy`, `ApplicationManagement`. */
  readonly category: string;
  /** Object ids. */
  readonly targets: readonly string[];
  /** None where the act says enough. */
  readonly modified?: readonly ModifiedProperty[];
}

/** A property as Entra calls it, and its values, which are JSON in a text; null where there was none, or it is not told. */
export interface ModifiedProperty {
  readonly displayName: string;
  readonly oldValue: string | null;
  readonly newValue: string | null;
}

/** Who acts where nobody signed in: the storage provider, in the name of an account. */
export interface AuditedApp {
  readonly appId: string;
  readonly displayName: string;
  /** Object id of its principal; null where the tenant has none. */
  readonly servicePrincipalId: string | null;
}

/** The audit records of the directory, newest first, as Microsoft Graph lists them. */
export interface AuditTrail {
  record(at: Date, by: LocalActor | AuditedApp, act: AuditedAct): void;
  all(): readonly WireObject[];
}

const keptAtMost = 10_000;

export function createAuditTrail(): AuditTrail {
  const records: WireObject[] = [];
  let made = 0;
  return {
    record(at, by, { activity, category, targets, modified = [] }) {
      made += 1;
      records.unshift({
        id: `Directory_${String(made).padStart(12, '0')}`,
        category,
        correlationId: `00000000-0000-4000-9000-${made.toString(16).padStart(12, '0')}`,
        result: 'success',
        activityDisplayName: activity,
        // Seven digits, as the service writes them.
        activityDateTime: at.toISOString().replace('Z', '0000Z'),
        initiatedBy: initiatorOf(by),
        targetResources: targets.map((id) => ({
          id,
          modifiedProperties: modified.map((property) => ({ ...property })),
        })),
      });
      records.splice(keptAtMost);
    },
    all: () => records,
  };
}

function initiatorOf(by: LocalActor | AuditedApp): WireObject {
  if ('displayName' in by) {
    return { user: null, app: { ...by } };
  }
  if (by.upn === null) return { user: null, app: { appId: by.appId, servicePrincipalId: by.objectId } };
  return { user: { id: by.objectId, userPrincipalName: by.upn, ipAddress: '203.0.113.25' }, app: null };
}
