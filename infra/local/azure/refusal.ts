/** A request that Azure would answer with an error. `code` and `message` go out in the form of the API asked. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly details: readonly { code: string; message: string }[];

  constructor(
    status: number,
    code: string,
    message: string,
    more: { headers?: Record<string, string>; details?: readonly { code: string; message: string }[] } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = more.headers ?? {};
    this.details = more.details ?? [];
  }
}
