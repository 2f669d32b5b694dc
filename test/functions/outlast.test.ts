import { describe, expect, it } from 'vitest';

import { outlast } from '../../functions/outlast.ts';
import { WebhookFailed } from '../../infra/alerts/webhook.ts';
import { BrokerUnreachable } from '../../infra/azure/service-bus/broker-unreachable.ts';
import { StoreUnreachable } from '../../infra/azure/store-unreachable.ts';

const store = new StoreUnreachable('127.0.0.1', 'table jobs', null);
const broker = new BrokerUnreachable('127.0.0.1', 'remediation-results', 'ECONNREFUSED', null);
const noAnswer = new WebhookFailed('https://hooks.contoso.example', null, 'no answer');
const overloaded = new WebhookFailed('https://hooks.contoso.example', 503, 'HTTP 503');

/** Work that fails with each error in turn, and then succeeds. */
function failing(...errors: readonly Error[]) {
  const left = [...errors];
  const waited: number[] = [];
  const said: string[] = [];
  const outcome = outlast(
    () => {
      const error = left.shift();
      return error === undefined ? Promise.resolve('done') : Promise.reject(error);
    },
    { warn: (message: string) => said.push(message) },
    (milliseconds) => {
      waited.push(milliseconds);
      return Promise.resolve();
    },
  );
  return { outcome, waited, said, left };
}

describe('Work that meets an outage', () => {
  it('is tried again, with longer pauses, and each pause says why', async () => {
    const { outcome, waited, said } = failing(store, broker, noAnswer, overloaded);

    expect(await outcome).toBe('done');
    expect(waited).toEqual([1000, 2000, 4000, 8000]);
    expect(said[0]).toBe(`Tries again in 1 s: ${store.message}`);
  });

  it('fails when five minutes are over, so that the message comes again', async () => {
    const { outcome, waited } = failing(...Array.from({ length: 100 }, () => store));

    await expect(outcome).rejects.toBe(store);
    const minutes = waited.reduce((sum, pause) => sum + pause, 0) / 60_000;
    expect(minutes).toBeGreaterThan(4);
    expect(minutes).toBeLessThanOrEqual(5);
  });

  it.each([
    ['an answer that is no outage', new WebhookFailed('https://hooks.contoso.example', 410, 'HTTP 410')],
    ['a mistake', new TypeError('nothing is there')],
  ])('fails at once where it was %s', async (_what, error) => {
    const { outcome, waited } = failing(error);

    await expect(outcome).rejects.toBe(error);
    expect(waited).toEqual([]);
  });
});
