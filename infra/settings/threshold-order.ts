/** One threshold that contradicts another. */
export interface OrderProblem {
  readonly name: string;
  readonly what: string;
}

type Thresholds = Readonly<Record<string, number>>;

/** The first word of a threshold's name, the most urgent first: what is less urgent reaches further ahead. */
const tiers = ['critical', 'fail', 'warn', 'notice'];

interface Tier {
  readonly name: string;
  readonly value: number;
  readonly days: { readonly fewest: number; readonly most: number };
}

/**
 * Thresholds out of order: one that ends before a more urgent one does, so that its verdict could never come. 0 switches a
 * tier off and is in order anywhere.
 *
 * @param changed those of `defaults` that settings change
 */
export function outOfOrder(defaults: Thresholds, changed: Thresholds): readonly OrderProblem[] {
  const given = tiers.flatMap((tier) => tiersOf(tier, { ...defaults, ...changed })).filter(({ value }) => value > 0);
  return given.slice(1).flatMap((later, index) => {
    const sooner = given[index];
    return sooner === undefined || later.days.most >= sooner.days.fewest ? [] : [problemOf(sooner, later, changed)];
  });
}

function problemOf(sooner: Tier, later: Tier, changed: Thresholds): OrderProblem {
  const enough = `${Math.ceil((later.value * sooner.days.fewest) / later.days.most)} or more, or to 0 for none`;
  if (later.name in changed) {
    const what = `is ${later.value}, which ends before ${sooner.name} (${sooner.value}), so it would never count`;
    return { name: later.name, what: `${what}; set it to ${enough}` };
  }
  const what = `is ${sooner.value}, which goes beyond ${later.name} (${later.value}), so that one would never count`;
  return { name: sooner.name, what: `${what}; set ${later.name} to ${enough}` };
}

function tiersOf(tier: string, thresholds: Thresholds): readonly Tier[] {
  return Object.entries(thresholds).flatMap(([name, value]) => {
    if (name === `${tier}Days`) return [{ name, value, days: { fewest: value, most: value } }];
    if (name === `${tier}Months`) return [{ name, value, days: { fewest: value * 28, most: value * 31 } }];
    return [];
  });
}
