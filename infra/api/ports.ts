import type { LastSeenPorts } from '../../domain/audit/last-seen.ts';
import type { NamedAccountsPorts } from '../../domain/audit/named-accounts.ts';
import type { ReadHistoryPorts } from '../../domain/audit/read-history.ts';
import type { WaivePorts } from '../../domain/audit/waive.ts';
import type { WholeRunPorts } from '../../domain/audit/whole-run.ts';
import type { Settings } from '../../domain/model/settings.ts';
import type { CallerCheck, RateLimit } from './caller.ts';

/** What the API needs beside the store of findings. */
export interface ApiAccess {
  readonly callerCheck: CallerCheck;
  /** Of one caller, by object id. */
  readonly rateLimit: RateLimit;
  /** The key that page tokens are signed with, the same in every instance of the app. */
  readonly pageKey: () => Promise<string>;
  readonly waiverId: WaivePorts['waiverId'];
  readonly latencies: WholeRunPorts['latencies'];
}

/** The description of the API, for whoever makes a client. */
export interface OpenApiDocument {
  readonly openapi: string;
  readonly [member: string]: unknown;
}

/** What operations work over. */
export interface ApiPorts extends ApiAccess, WaivePorts, ReadHistoryPorts, WholeRunPorts, Omit<LastSeenPorts, 'runs'> {
  readonly accountLinks: NamedAccountsPorts['accountLinks'];
  readonly settings: Settings;
  readonly openApi: () => OpenApiDocument;
}
