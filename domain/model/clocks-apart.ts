/** How far apart the clocks of two instances lie, as a rule. For what no clock may be believed at all see `believable.ts`. */
export const clocksApartMs = 2 * 60_000;
