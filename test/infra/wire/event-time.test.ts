import { expect, it } from 'vitest';
import { parseEventTime } from '../../../infra/wire/event-time.ts';

const noon = Date.UTC(2026, 10, 21, 12);

it.each([
  ['2026-11-21T12:00:00Z', noon],
  ['2026-11-21T12:00:00.5Z', noon + 500],
  ['2026-11-21T12:00:00.0049999Z', noon + 4],
  ['2026-11-21t12:00:00z', noon],
  ['2026-11-21T14:00:00+02:00', noon],
  ['2026-11-21T12:00:00', noon],
])('%s is that instant', (text, at) => {
  expect(parseEventTime(text)).toBe(at);
});

it.each([
  '0001-01-01T00:00:00Z',
  '',
  'noon',
  '2026-11-21',
  '2026-13-41T12:00:00Z',
  '1795262400000',
  '2026-11-21 12:00:00Z',
])('%s is no instant', (text) => {
  expect(parseEventTime(text)).toBeNull();
});
