import { describe, expect, it } from 'vitest';
import { rejectedBody } from '../../../../infra/azure/service-bus/rejected-body.ts';

describe('the body of what was refused', () => {
  it.each([
    ['text', 'not JSON', 'not JSON', 'text/plain; charset=utf-8'],
    ['JSON text', '{"a":[1]}', '{"a":[1]}', 'application/json; charset=utf-8'],
    ['a value', { a: 10n }, '{"a":"10"}', 'application/json; charset=utf-8'],
    ['null', null, 'null', 'application/json; charset=utf-8'],
    ['nothing', undefined, 'null', 'application/json; charset=utf-8'],
    ['UTF-8 bytes', Buffer.from('{"a":1}'), '{"a":1}', 'application/json; charset=utf-8'],
  ])('is the original: %s', (_, original, text, contentType) => {
    const body = rejectedBody(original);

    expect(body.bytes.toString()).toBe(text);
    expect(body).toMatchObject({ contentType, truncated: false, originalBytes: text.length });
  });

  it('is the bytes themselves where they are no text', () => {
    const bytes = Buffer.from([0xff, 0xfe, 0x00]);

    expect(rejectedBody(bytes)).toMatchObject({ bytes, contentType: 'application/octet-stream' });
  });

  it.each([
    ['text that broke off', '{"id":"1","data":{"claims":{"upn":"ada@example.org"}}', '{"id":"1","data":{(dropped)'],
    ['a string in JSON', { data: '{"claims":{"upn":"ada@example.org"}}' }, '{"data":"{\\"claims\\":\\"(dropped)\\"}"}'],
    [
      'JSON put in a string twice',
      JSON.stringify('{"claims":{"upn":"ada"}}'),
      String.raw`"{\"claims\":\"(dropped)\"}"`,
    ],
  ])('drops the claims in %s', (_says, original, kept) => {
    expect(rejectedBody(original).bytes.toString()).toBe(kept);
  });

  it.each([
    { data: { claims: { upn: 'ada@example.org' } } },
    [{ httpRequest: { clientIpAddress: 'ada' } }],
    { data: { resourceInfo: { tags: { owner: 'ada@example.org' } } } },
  ])('says nothing of people, as a value or as text', (event) => {
    for (const original of [event, JSON.stringify(event), Buffer.from(JSON.stringify(event))]) {
      expect(rejectedBody(original).bytes.toString()).not.toContain('ada');
    }
  });
});
