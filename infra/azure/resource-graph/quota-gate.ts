import { quotaResetMilliseconds } from '../http-transport.ts';

/** Holds requests back while the caller's Resource Graph quota (about 15 per 5 s) is used up. */
export interface QuotaGate {
  ready(): Promise<void>;
  /** Reads the quota headers of an answer. */
  note(header: (name: string) => string | undefined): void;
}

export function createQuotaGate(sleep: (milliseconds: number) => Promise<void>): QuotaGate {
  let pause: Promise<void> | null = null;
  return {
    async ready() {
      while (pause !== null) await pause;
    },
    note(header) {
      const remaining = header('x-ms-user-quota-remaining');
      const wait = quotaResetMilliseconds(header('x-ms-user-quota-resets-after'));
      if (remaining === undefined || Number(remaining) > 0 || wait === null || wait === 0 || pause !== null) return;
      pause = sleep(wait).finally(() => {
        pause = null;
      });
      // Whoever waits sees the rejection; with nobody waiting it must not end the process.
      pause.catch(() => undefined);
    },
  };
}
