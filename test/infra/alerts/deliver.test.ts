import { describe, expect, it } from 'vitest';
import type { WebhookChannel } from '../../../domain/model/settings.ts';
import type { Severity } from '../../../domain/model/verdict.ts';
import { type AlertDelivery, deliverAlert } from '../../../infra/alerts/deliver.ts';
import { verifySignature } from '../../../infra/alerts/signature.ts';
import type { AlertDeliveries } from '../../../infra/azure/tables/alert-deliveries.ts';
import { WebhookFailed } from '../../../infra/alerts/webhook.ts';
import { ConfigInvalid } from '../../../infra/config.ts';
import { alertEvent } from '../../../infra/messages/alert.ts';
import { now, settings, tenantId } from '../../domain/build.ts';
import { alert } from '../azure/samples.ts';

const event = alertEvent({ ...alert('profiles'), severity: 'high' }, tenantId);

function webhook(host: string, minimumSeverity: Severity = 'info'): WebhookChannel {
  return { channel: 'webhook', url: `https://${host}.example/hook`, secretSetting: `SECRET_${host}`, minimumSeverity };
}

/** Receivers by host; one whose name begins with `broken` answers 500. */
function receivers(broken: { now: boolean } = { now: true }) {
  const deliveries = rememberedDeliveries();
  const received: { readonly host: string; readonly body: string; readonly signature: string }[] = [];
  const fetch = (url: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(url, init);
    const { host } = new URL(request.url);
    if (host.startsWith('broken') && broken.now) return Promise.resolve(new Response(null, { status: 500 }));
    return request.text().then((body) => {
      received.push({ host, body, signature: request.headers.get('x-signature') ?? '' });
      return new Response(null, { status: 202 });
    });
  };
  const deliver = (channel: string, ...alerts: readonly WebhookChannel[]): Promise<AlertDelivery> =>
    deliverAlert(channel, event, {
      settings: settings({ alerts }),
      env: { SECRET_one: 'first', SECRET_two: 'second', SECRET_broken: 'third' },
      fetch,
      deliveries,
      now,
    });
  return { received, deliver };
}

function rememberedDeliveries(): AlertDeliveries {
  const taken = new Set<string>();
  return {
    took: (alertId, target) => Promise.resolve(taken.has(`${alertId} ${target}`)),
    record: (alertId, target) => Promise.resolve(void taken.add(`${alertId} ${target}`)),
  };
}

describe('Delivering an alert', () => {
  it('gives every target of the channel the alert, each signed with its own secret', async () => {
    const { received, deliver } = receivers();

    expect(await deliver('webhook', webhook('one'), webhook('two'))).toBe('delivered');

    expect(received.map(({ host, body }) => [host, JSON.parse(body) as unknown])).toEqual([
      ['one.example', event],
      ['two.example', event],
    ]);
    const good = received.map(({ signature, body }, index) =>
      ['first', 'second'].map((secret) => [index, secret, verifySignature(signature, body, secret, now)]),
    );
    expect(good.flat().filter(([, , verified]) => verified)).toEqual([
      [0, 'first', true],
      [1, 'second', true],
    ]);
  });

  it('does not send to a channel that is off', async () => {
    const { received, deliver } = receivers();

    expect(await deliver('teams', webhook('one'))).toBe('channel-off');
    expect(await deliver('webhook')).toBe('channel-off');
    expect(received).toEqual([]);
  });

  it.each<[Severity, AlertDelivery]>([
    ['critical', 'below-minimum-severity'],
    ['high', 'delivered'],
    ['low', 'delivered'],
  ])('sends what is high to who asks for %s or worse: %s', async (minimum, delivery) => {
    const { received, deliver } = receivers();

    expect(await deliver('webhook', webhook('one', minimum))).toBe(delivery);
    expect(received).toHaveLength(delivery === 'delivered' ? 1 : 0);
  });

  it('sends to the one target that wants it', async () => {
    const { received, deliver } = receivers();

    await deliver('webhook', webhook('one', 'critical'), webhook('two', 'medium'));

    expect(received.map(({ host }) => host)).toEqual(['two.example']);
  });

  it('names the setting whose secret is missing, and sends nothing unsigned', async () => {
    const { received, deliver } = receivers();
    const delivering = deliver('webhook', webhook('unknown'));

    await expect(delivering).rejects.toThrow(ConfigInvalid);
    await expect(delivering).rejects.toThrow(/SECRET_unknown/);
    expect(received).toEqual([]);
  });

  it('fails when a target did not take it, after the others had it', async () => {
    const { received, deliver } = receivers();

    await expect(deliver('webhook', webhook('broken'), webhook('unknown'), webhook('two'))).rejects.toThrow(
      WebhookFailed,
    );
    expect(received.map(({ host }) => host)).toEqual(['two.example']);
  });

  it('gives it at the next delivery to the target alone that did not take it, and to none at the one after', async () => {
    const broken = { now: true };
    const { received, deliver } = receivers(broken);
    const targets = [webhook('one'), webhook('broken'), webhook('two')];
    await expect(deliver('webhook', ...targets)).rejects.toThrow(WebhookFailed);
    broken.now = false;

    expect(await deliver('webhook', ...targets)).toBe('delivered');
    expect(await deliver('webhook', ...targets)).toBe('delivered-before');
    expect(received.map(({ host }) => host)).toEqual(['one.example', 'two.example', 'broken.example']);
  });
});
