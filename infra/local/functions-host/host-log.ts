import type { LogLevel } from './worker-protocol.ts';

export interface HostLog {
  readonly level: LogLevel;
  /** `user`: written by a handler through its context; `system`: by the library; `host`: by this host. */
  readonly category: 'user' | 'system' | 'host';
  readonly message: string;
  readonly functionName?: string;
  readonly invocationId?: string;
}

export type Log = (entry: HostLog) => void;
