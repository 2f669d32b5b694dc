import { expect, it } from 'vitest';
import { createAccountNameCheck } from '../../infra/account-names.ts';
import type { EstateSource } from '../../infra/estate-source.ts';

it('tells which names are taken, leaves out what nobody could tell, and counts the requests', async () => {
  const answers = new Map([
    ['taken', 'taken'],
    ['free', 'free'],
  ] as const);
  const requests = { resourceGraph: 0, graph: 0, arm: 0, throttled: 0 };
  const nameAvailability: EstateSource['nameAvailability'] = (name) => {
    requests.arm += 1;
    return Promise.resolve([...answers].find(([known]) => known === name)?.[1] ?? null);
  };
  const source: Pick<EstateSource, 'nameAvailability' | 'requests'> = { nameAvailability, requests };

  const checked = await createAccountNameCheck(() => source).check(['taken', 'free', 'refused']);

  expect([...checked.answers]).toEqual([
    ['taken', 'taken'],
    ['free', 'free'],
  ]);
  expect(checked.requests.arm).toBe(3);
});
