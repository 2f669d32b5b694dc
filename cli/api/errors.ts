import type { ApiAddress } from './api-address.ts';

/** The API refused a request, for the reason that its problem tells. */
export class ApiRefused extends Error {
  override readonly name = 'ApiRefused';
  readonly status: number;

  constructor(status: number, said: string) {
    super(`The API refused it: ${said}`);
    this.status = status;
  }
}

/** No Kerbwatch API answers where the environment says. */
export class ApiUnreachable extends Error {
  override readonly name = 'ApiUnreachable';

  constructor({ setting, base }: ApiAddress, reason: string, options?: ErrorOptions) {
    super(`${setting} (${base}): ${reason}.`, options);
  }
}
