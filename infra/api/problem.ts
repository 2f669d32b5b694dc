/** Why a request was refused, as RFC 9457 tells it. `detail` is for a person: no secret, no claim beyond an object id. */
export interface Problem {
  readonly status: number;
  /** What kind of problem it is, the same for each of its kind. */
  readonly title: string;
  /** What is wrong with this request, and what to do. */
  readonly detail: string;
  /** A URI of the kind, as `problemType` makes it. */
  readonly type: string;
  /** Members of the kind beside those above. */
  readonly members?: Readonly<Record<string, unknown>>;
  /** Headers that the answer needs: `WWW-Authenticate`, `Retry-After`, `Allow`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The URI of a kind of problem, such as `page-token`; it names a heading of docs/api.md and is not fetched. */
export function problemType(kind: string): string {
  return `urn:kerbwatch:problem:${kind}`;
}
