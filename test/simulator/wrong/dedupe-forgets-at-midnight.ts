import { DuplicateWindow } from '../../../infra/local/service-bus/duplicate-window.ts';
import type { Wrong } from './wrong.ts';

const day = 86_400_000;

/** What came yesterday is new today: to the broker, and to who hands alerts over. */
export function dedupeForgetsAtMidnight(): Wrong {
  return {
    memory(windowMs) {
      let window = new DuplicateWindow(windowMs);
      let today = 0;
      return {
        admits(messageId, now) {
          if (Math.floor(now / day) !== today) window = new DuplicateWindow(windowMs);
          today = Math.floor(now / day);
          return window.admits(messageId, now);
        },
      };
    },
    deliveries(deliveries, now) {
      const dated = (alertId: string): string => `${String(Math.floor(now() / day))} ${alertId}`;
      return {
        took: (alertId, target) => deliveries.took(dated(alertId), target),
        async record(alertId, target, at) {
          await deliveries.record(alertId, target, at);
          await deliveries.record(dated(alertId), target, at);
        },
      };
    },
  };
}
