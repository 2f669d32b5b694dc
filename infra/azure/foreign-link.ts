/** A service sent us to another origin than its endpoint's. Not followed: our token would go there. */
export class ForeignNextLink extends Error {
  override readonly name = 'ForeignNextLink';
  readonly endpoint: string;
  readonly link: string;

  constructor(endpoint: string, link: string) {
    super(
      `${endpoint} sent us on to ${link}, which is another origin; it was not followed. Check the endpoint setting.`,
    );
    this.endpoint = endpoint;
    this.link = link;
  }
}

/**
 * The link where it stays on the endpoint's own origin.
 *
 * @throws ForeignNextLink for any other.
 */
export function ownLink(endpoint: string, link: string, base?: string): string {
  const url = URL.parse(link, base);
  if (url?.origin !== new URL(endpoint).origin || url.username !== '') {
    throw new ForeignNextLink(endpoint, url?.origin ?? 'something that is no URL');
  }
  return link;
}
