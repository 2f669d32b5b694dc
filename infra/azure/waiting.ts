/** How a reader waits before it asks again; given in, so that tests neither wait nor roll dice. */
export interface Waiting {
  /** Resolves after `milliseconds`. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** How often one request is asked again; 4 where absent. */
  readonly maxRetries?: number | undefined;
}

export const defaultMaxRetries = 4;
