/** The service refused a call for good: trying the same again gives the same. */
export class CallRefused extends Error {
  override readonly name = 'CallRefused';
  /** Of the answer. */
  readonly status: number;

  constructor(message: string, status: number, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** A call failed for a reason that passes: throttled, the service is in trouble, the network broke off. */
export class CallPutOff extends Error {
  override readonly name = 'CallPutOff';
  /** What the service asked for, in milliseconds; null where it did not. */
  readonly retryAfterMs: number | null;
  /** Whether it may have been done all the same: nobody saw the answer, or it was a server error. */
  readonly mayBeDone: boolean;

  constructor(message: string, retryAfterMs: number | null, mayBeDone: boolean, options?: ErrorOptions) {
    super(message, options);
    this.retryAfterMs = retryAfterMs;
    this.mayBeDone = mayBeDone;
  }
}
