import type { PolicyFilter } from '../model/conditional-access-policy.ts';
import { answerOf, type FilterAnswer, type FilterValue } from './filter-answer.ts';
import { foldable, mapProperties, type FilterRule } from './filter-rule.ts';
import { parseFilterRule } from './parse-filter-rule.ts';
import { reading, type Reading } from './reading.ts';

/** What a rule may name to be decided: the properties in lower case. */
type Device = ReadonlyMap<string, FilterValue>;

const unset: FilterValue = { kind: 'unset' };

/** Nothing is set where the device is not recognised. */
const unrecognised: Device = new Map([
  ['device.trusttype', unset],
  ['device.iscompliant', unset],
]);

/**
 * Every device that can hold a cloud ticket, as a filter sees it: joined, hybrid joined, or not recognised at all.
 * Devices that are only registered (`Workplace`) hold none (domain facts 7).
 */
const devices: readonly Device[] = [
  unrecognised,
  ...['AzureAD', 'ServerAD'].flatMap((trustType) =>
    [unset, keyword('True'), keyword('False')].map(
      (compliance) =>
        new Map([
          ['device.trusttype', keyword(trustType)],
          ['device.iscompliant', compliance],
        ]),
    ),
  ),
];

function keyword(word: string): FilterValue {
  return { kind: 'keyword', word: foldable(word) };
}

/**
 * Row 21: a device filter narrows a policy to some devices, unless its rule, on join and compliance alone, is proved to
 * hold for every device that mounts shares, or for none.
 */
export function readDeviceFilter(filter: PolicyFilter | null): Reading | null {
  if (filter === null) return null;
  const mode = filter.mode.toLowerCase();
  if (mode !== 'include' && mode !== 'exclude') {
    return reading('undecided', 32, `unknown mode of a device filter: ${filter.mode}`);
  }
  const answers = answersFor(parseFilterRule(filter.rule));
  const reached = mode === 'include' ? 'yes' : 'no';
  if (answers.every((answer) => answer === reached))
    return reading('all', 21, 'a device filter that leaves out nobody');
  const spared = mode === 'include' ? 'no' : 'yes';
  if (answers.every((answer) => answer === spared)) {
    return reading('none', 21, 'a device filter that leaves out every device that mounts shares');
  }
  return reading('some', 21, 'a device filter');
}

function answersFor(rule: FilterRule | null): readonly FilterAnswer[] {
  const known = rule === null ? null : mapProperties(rule, knownProperty);
  if (known === null) return ['unknown'];
  return devices.map((device) => answerOf(known, (property) => device.get(property) ?? unset));
}

function knownProperty(property: string): string | null {
  const name = property.toLowerCase();
  return unrecognised.has(name) ? name : null;
}
