import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * The value of `X-Signature` (contracts, Alert): `t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`.
 * @param at epoch milliseconds.
 */
export function sign(body: string, secret: string, at: number): string {
  const seconds = Math.floor(at / 1000);
  return `t=${String(seconds)},v1=${hmac(seconds, body, secret)}`;
}

/**
 * Whether a body came from somebody who knows the secret, lately. For receivers, who should also remember the event's id.
 * @param now epoch milliseconds. @param toleranceSeconds how far the two clocks may be apart, either way.
 */
export function verifySignature(
  header: string,
  body: string,
  secret: string,
  now: number,
  toleranceSeconds = 300,
): boolean {
  const parts = header.split(',').map((part) => part.trim().split('='));
  const time = parts.find(([name]) => name === 't')?.[1];
  if (time === undefined || !/^\d{1,12}$/.test(time)) return false;
  if (Math.abs(now / 1000 - Number(time)) > toleranceSeconds) return false;
  const expected = Buffer.from(hmac(Number(time), body, secret), 'hex');
  return parts
    .filter(([name]) => name === 'v1')
    .map(([, value]) => Buffer.from(value ?? '', 'hex'))
    .some((given) => given.length === expected.length && timingSafeEqual(given, expected));
}

function hmac(seconds: number, body: string, secret: string): string {
  return createHmac('sha256', secret)
    .update(`${String(seconds)}.${body}`)
    .digest('hex');
}
