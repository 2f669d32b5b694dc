/** A query that Resource Graph may know but the embedded cloud does not evaluate; `construct` is the part refused. */
export class UnsupportedQueryError extends Error {
  override readonly name = 'UnsupportedQueryError';
  readonly construct: string;

  constructor(construct: string, expected: string) {
    super(`The query uses '${construct}', which is not evaluated here; expected ${expected}.`);
    this.construct = construct;
  }
}
