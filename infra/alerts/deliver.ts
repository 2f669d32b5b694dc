import type { Settings, WebhookChannel } from '../../domain/model/settings.ts';
import { compareSeverity } from '../../domain/model/verdict.ts';
import type { AlertDeliveries } from '../azure/tables/alert-deliveries.ts';
import { ConfigInvalid, type Environment } from '../config.ts';
import type { AlertEvent } from '../messages/alert.ts';
import { deliverWebhook } from './webhook.ts';

/** `delivered-before`: every target that wants it took it at an earlier delivery of the message. */
export type AlertDelivery = 'delivered' | 'delivered-before' | 'below-minimum-severity' | 'channel-off';

export interface DeliveryContext {
  readonly settings: Settings;
  /** Holds the secrets that settings name. */
  readonly env: Environment;
  readonly fetch: typeof fetch;
  readonly deliveries: AlertDeliveries;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * Hands an alert to every target of a channel that wants it and has not taken it yet; one that does not take it keeps it
 * from no other. A crash after a target took it and before that is kept sends it again, with the same id.
 * @throws WebhookFailed, ConfigInvalid when the secret's app setting is missing
 */
export async function deliverAlert(
  channel: string,
  alert: AlertEvent,
  context: DeliveryContext,
): Promise<AlertDelivery> {
  const targets = context.settings.alerts.filter((target) => target.channel === channel);
  if (targets.length === 0) return 'channel-off';
  const wanted = targets.filter(({ minimumSeverity }) => compareSeverity(alert.data.severity, minimumSeverity) <= 0);
  const body = JSON.stringify(alert);
  const failures: unknown[] = [];
  let given = 0;
  for (const target of wanted) {
    try {
      if (await deliverOnce(target, alert.id, body, context)) given += 1;
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  if (wanted.length === 0) return 'below-minimum-severity';
  return given > 0 ? 'delivered' : 'delivered-before';
}

/** @returns false when the target took it before. */
async function deliverOnce(
  target: WebhookChannel,
  alertId: string,
  body: string,
  context: DeliveryContext,
): Promise<boolean> {
  const name = JSON.stringify([target.channel, target.url]);
  if (await context.deliveries.took(alertId, name)) return false;
  await deliverTo(target, body, context);
  await context.deliveries.record(alertId, name, context.now);
  return true;
}

async function deliverTo(
  { url, secretSetting }: WebhookChannel,
  body: string,
  context: DeliveryContext,
): Promise<void> {
  const secret = context.env[secretSetting] ?? '';
  if (secret === '') {
    throw new ConfigInvalid(
      `${secretSetting} is not set; set it to the secret that the webhook's receiver verifies with`,
    );
  }
  await deliverWebhook(body, { url, secret, fetch: context.fetch, now: context.now });
}
