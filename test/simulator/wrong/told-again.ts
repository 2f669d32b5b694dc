import type { Wrong } from './wrong.ts';

/** Does not know what somebody took before. */
export function toldAgain(): Wrong {
  return { deliveries: (deliveries) => ({ ...deliveries, took: () => Promise.resolve(false) }) };
}
