/** No token could be had. `api` is what it was for. */
export class SignInRefused extends Error {
  override readonly name = 'SignInRefused';
  readonly api: string;

  constructor(api: string, reason: string, options?: ErrorOptions) {
    super(`Signing in for ${api} was refused: ${reason}`, options);
    this.api = api;
  }
}
