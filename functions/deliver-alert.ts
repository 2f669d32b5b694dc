import { app, type FunctionResult, type InvocationContext } from '@azure/functions';

import { outlast } from './outlast.ts';
import { orReject } from './reject.ts';
import { services } from './services.ts';

/** One subscription of `drift-alerts` per channel: a dead channel holds up no other. */
const channels = ['webhook', 'teams', 'slack', 'event-grid', 'log-analytics'] as const;

/** Hands an alert to a channel; what belongs to a channel that is not switched on is completed. */
export function deliverAlert(channel: string): (message: unknown, context: InvocationContext) => FunctionResult {
  return async (message, context) => {
    const { alerts, read, reject, wait } = await services();
    await orReject(`drift-alerts/${channel}`, message, reject, context, async () => {
      const alert = read.alert(message);
      const outcome = await outlast(() => alerts.deliver(channel, alert), context, wait);
      if (outcome === 'channel-off') return;
      context.log(`Alert for ${channel}: ${outcome}`);
      if (outcome !== 'delivered') return;
      const causes = read.alertCauses(context.triggerMetadata?.['applicationProperties']);
      if (causes === null) return;
      const latency = await alerts.handedOver(channel, alert, causes, context);
      const { plane, changedAtIs } = causes;
      // One JSON line, so that Application Insights can be asked for percentiles of its members.
      context.log(
        JSON.stringify({ metric: 'kerbwatch.alert-latency', unit: 'ms', channel, plane, changedAtIs, ...latency }),
      );
    });
  };
}

export function register(): void {
  for (const channel of channels) {
    app.serviceBusTopic(`deliver-alert-${channel}`, {
      connection: 'ServiceBusConnection',
      topicName: 'drift-alerts',
      subscriptionName: channel,
      handler: deliverAlert(channel),
    });
  }
}
