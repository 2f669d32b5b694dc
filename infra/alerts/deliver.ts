import type { Settings, WebhookChannel } from '../../domain/model/settings.ts';
import { compareSeverity } from '../../domain/model/verdict.ts';
import { ConfigInvalid, type Environment } from '../config.ts';
import type { AlertEvent } from '../messages/alert.ts';
import { deliverWebhook } from './webhook.ts';

export type AlertDelivery = 'delivered' | 'below-minimum-severity' | 'channel-off';

export interface DeliveryContext {
  readonly settings: Settings;
  /** Holds the secrets that settings name. */
  readonly env: Environment;
  readonly fetch: typeof fetch;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * Hands an alert to every target of a channel that wants it; one that does not take it keeps it from no other.
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
  for (const target of wanted) {
    try {
      await deliverTo(target, body, context);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return wanted.length > 0 ? 'delivered' : 'below-minimum-severity';
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
