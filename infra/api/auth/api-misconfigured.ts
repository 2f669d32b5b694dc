/** The settings of the API are wrong, so that nobody can be let in. */
export class ApiMisconfigured extends Error {
  override readonly name = 'ApiMisconfigured';
}
