/** A storage service does not answer, or answers that it is in trouble. Nothing is known about what it did: try again later. */
export class StoreUnreachable extends Error {
  override readonly name = 'StoreUnreachable';
  readonly host: string;
  /** The table or the container that was asked for. */
  readonly place: string;

  constructor(host: string, place: string, cause: unknown) {
    super(
      `Storage at ${host} cannot be reached for ${place} (${reasonOf(cause)}). ` +
        'Check that the account exists, that its network rules let this app in, and that AzureWebJobsStorage names it.',
      { cause },
    );
    this.host = host;
    this.place = place;
  }
}

/** What to throw for an error of a storage SDK: `StoreUnreachable` when no usable answer came, else the error itself. */
export function storeError(error: unknown, url: string, place: string): unknown {
  if (!isObject(error) || error['name'] !== 'RestError') return error;
  const status = error['statusCode'];
  const unanswered = typeof status !== 'number' || status >= 500;
  return unanswered ? new StoreUnreachable(new URL(url).host, place, error) : error;
}

function reasonOf(cause: unknown): string {
  if (!isObject(cause)) return 'no reason given';
  const { code, statusCode } = cause;
  if (typeof statusCode === 'number') return `HTTP ${String(statusCode)}`;
  return typeof code === 'string' ? code : 'no answer';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
