import { isIP } from 'node:net';

const unknown = '-';

/**
 * Whom to count a refused request against: the last hop of `X-Forwarded-For`, which Azure's front end adds (`address:port`), and
 * what stands before it anybody may have written. Of an IPv6 address the first 64 bits, since whoever has one has them all.
 * One key for all where there is none.
 */
export function clientAddress(headers: Headers): string {
  const last = headers.get('x-forwarded-for')?.split(',').at(-1)?.trim() ?? '';
  const address = /^\[([^\]]+)\](?::\d+)?$/u.exec(last)?.[1] ?? /^([\d.]+):\d+$/u.exec(last)?.[1] ?? last;
  switch (isIP(address)) {
    case 4:
      return address;
    case 6:
      return mapped(address) ?? network(address);
    default:
      return unknown;
  }
}

/** The IPv4 address that an IPv6 one stands for (RFC 4291, 2.5.5.2), or null: the first bits of all of them are the same. */
function mapped(address: string): string | null {
  // Written in the one way that there is for it, with the last 32 bits as two groups.
  const host = URL.parse(`http://[${address}]`)?.hostname ?? '';
  const groups = /^\[::ffff:([\da-f]{1,4}):([\da-f]{1,4})\]$/u.exec(host)?.slice(1);
  return (
    groups?.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]).join('.') ?? null
  );
}

/** The first four of the eight groups; `::` stands for as many zeros as are missing. */
function network(address: string): string {
  const [left = '', right] = address.toLowerCase().split('::');
  const head = left.split(':').filter((group) => group !== '');
  const tail = right === undefined ? [] : right.split(':').filter((group) => group !== '');
  const missing = Math.max(0, 8 - head.length - tail.length);
  const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...tail];
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/u, ''))
    .join(':');
}
