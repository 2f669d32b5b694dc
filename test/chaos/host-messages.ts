import type { HostLog } from '../../infra/local/functions-host/host.ts';

/** What the driver says to the process that the functions run in. */
export type ToHost =
  | {
      readonly kind: 'start';
      readonly bundle: string;
      readonly appSettings: Readonly<Record<string, string>>;
      readonly serviceBusConnectionString: string;
      /** 0 picks a free one. */
      readonly port: number;
    }
  | { readonly kind: 'timer'; readonly id: number; readonly name: string };

/** What that process says to the driver. */
export type FromHost =
  | { readonly kind: 'ready'; readonly origin: string }
  | { readonly kind: 'log'; readonly entry: HostLog }
  | { readonly kind: 'timer-done'; readonly id: number; readonly error: string | null };
