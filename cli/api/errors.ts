/** The API refused a request, for the reason that its problem tells. */
export class ApiRefused extends Error {
  override readonly name = 'ApiRefused';
  readonly status: number;

  constructor(status: number, said: string) {
    super(`The API refused it: ${said}`);
    this.status = status;
  }
}

/** No Kerbwatch API answers where `KERBWATCH_API` says. */
export class ApiUnreachable extends Error {
  override readonly name = 'ApiUnreachable';

  constructor(address: string, reason: string, options?: ErrorOptions) {
    super(`KERBWATCH_API (${address}): ${reason}.`, options);
  }
}
