import { describe, expect, it } from 'vitest';
import { clientAddress } from '../../../../infra/api/auth/client-address.ts';

const of = (hops: string): string => clientAddress(new Headers({ 'x-forwarded-for': hops }));

describe('The address of a client', () => {
  it.each([
    ['203.0.113.7:4711', '203.0.113.7'],
    ['203.0.113.7', '203.0.113.7'],
    // As a socket that takes both families writes them.
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['[::FFFF:203.0.113.7]:4711', '203.0.113.7'],
    ['::ffff:cb00:7107', '203.0.113.7'],
    ['10.0.0.1, 192.0.2.1:80, 203.0.113.7:4711', '203.0.113.7'],
  ])('of %s is the last hop, which the front end adds', (hops, address) => {
    expect(of(hops)).toBe(address);
  });

  it('is the same for all who share the first 64 bits of an IPv6 address, and for no others', () => {
    const same = ['[2001:db8:0:7::1]:4711', '2001:db8::7:1:2:3:4', '2001:0DB8:0000:0007:ffff:ffff:ffff:ffff'];
    expect(new Set(same.map(of)).size).toBe(1);
    expect(of('[2001:db8:0:8::1]:4711')).not.toBe(of('[2001:db8:0:7::1]:4711'));
  });

  it.each(['', 'evil', '203.0.113.7.8', '999.1.1.1', '203.0.113.7, ', '<script>'])(
    'is one for all where it is %j',
    (hops) => {
      expect(of(hops)).toBe(clientAddress(new Headers()));
    },
  );
});
