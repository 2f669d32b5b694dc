import type { IncomingMessage } from 'node:http';

const loopbackNames = ['127.0.0.1', 'localhost', '[::1]'] as const;

/**
 * Why a request to a server of this machine comes from elsewhere, in a sentence; null where it does not. The Host has to name the
 * server by a loopback name and its port, which defeats DNS rebinding, and an Origin, which every browser sends with a
 * cross-site POST, has to be the server's own.
 *
 * @param port on which the server listens
 */
export function foreignCaller(
  { headersDistinct }: Pick<IncomingMessage, 'headersDistinct'>,
  port: number,
): ForeignCaller | null {
  // Sent twice they are joined, and so are nobody's: which of them another server would take is not known.
  const [host, origin] = [headersDistinct['host'], headersDistinct['origin']].map((sent) => sent?.join(', '));
  const named = host?.toLowerCase() ?? '';
  if (!loopbackNames.some((name) => named === `${name}:${String(port)}`)) {
    return { header: 'Host', reason: `The Host '${named}' is not this server.` };
  }
  if (origin !== undefined && origin !== `http://${named}`) {
    return { header: 'Origin', reason: `The Origin '${origin}' is not this server.` };
  }
  return null;
}

export interface ForeignCaller {
  readonly header: 'Host' | 'Origin';
  readonly reason: string;
}
