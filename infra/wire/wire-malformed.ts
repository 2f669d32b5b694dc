/** An object from the outside that is not what its schema says. The message names members, never their values. */
export class WireMalformed extends Error {
  override readonly name = 'WireMalformed';
  readonly kind: string;
  /** One sentence per problem, each beginning with the path of the member. */
  readonly problems: readonly string[];

  constructor(kind: string, problems: readonly string[]) {
    super(`${kind}: ${problems.join('; ')}`);
    this.kind = kind;
    this.problems = problems;
  }
}
