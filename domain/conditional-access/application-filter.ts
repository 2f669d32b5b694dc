import type { PolicyFilter } from '../model/conditional-access-policy.ts';
import type { SecurityAttributes, SecurityAttributeValue } from '../model/directory.ts';
import { answerOf, type FilterValue } from './filter-answer.ts';
import { foldable, mapProperties, type FilterRule } from './filter-rule.ts';
import { parseFilterRule } from './parse-filter-rule.ts';

/** An app as far as policies look at it. */
export interface TargetApp {
  /** Any case. */
  readonly appId: string;
  /** Custom security attributes of its service principal; null: not read. */
  readonly securityAttributes: SecurityAttributes | null;
}

/**
 * What a policy's application filter says of an app.
 *
 * - `unfiltered`: the policy has none.
 * - `unread`: the app's attributes were not read.
 * - `unclear`: a comparison with these attributes whose result is not documented.
 * - `unparsed`: the rule, or its mode, is not understood.
 */
export type FilterVerdict = 'unfiltered' | 'match' | 'miss' | 'unread' | 'unclear' | 'unparsed';

/** An application filter whose rule was read once. */
export interface CompiledFilter {
  readonly mode: string;
  /** null: not understood. */
  readonly rule: FilterRule | null;
}

/** The permission with which attributes can be read (domain facts 4). */
export const securityAttributePermission = 'CustomSecAttributeAssignment.Read.All';

const property = /^customsecurityattribute\.([^.]+_[^.]+)$/i;

export function compileFilter({ mode, rule }: PolicyFilter): CompiledFilter {
  const parsed = parseFilterRule(rule);
  return { mode: mode.toLowerCase(), rule: parsed === null ? null : mapProperties(parsed, attributeId) };
}

/** What the filter says of an app with these attributes (decision table, row 10). */
export function filterVerdict(filter: CompiledFilter | null, attributes: SecurityAttributes | null): FilterVerdict {
  if (filter === null) return 'unfiltered';
  const { mode, rule } = filter;
  if (rule === null || (mode !== 'include' && mode !== 'exclude')) return 'unparsed';
  if (attributes === null) return 'unread';
  const values = valuesOf(attributes);
  const answer = answerOf(rule, (id) => values.get(id) ?? unset);
  if (answer === 'unknown') return 'unclear';
  return answer === 'yes' ? 'match' : 'miss';
}

/** A rule names an attribute by its id, which is set, underscore, name: unique in the tenant, and without case. */
function attributeId(name: string): string | null {
  return property.exec(name)?.[1]?.toLowerCase() ?? null;
}

const unset: FilterValue = { kind: 'unset' };
const seen = new WeakMap<SecurityAttributes, ReadonlyMap<string, FilterValue>>();

/** By attribute id. Worked out once for an app, since every policy may ask. */
function valuesOf(attributes: SecurityAttributes): ReadonlyMap<string, FilterValue> {
  const known = seen.get(attributes);
  if (known !== undefined) return known;
  const values = new Map<string, FilterValue>();
  for (const [set, members] of Object.entries(attributes)) {
    for (const [name, value] of Object.entries(members)) {
      values.set(`${set}_${name}`.toLowerCase(), valueOf(value));
    }
  }
  seen.set(attributes, values);
  return values;
}

/** Filters work on texts only (public documentation); what they make of numbers and truth values is not said. */
function valueOf(value: SecurityAttributeValue): FilterValue {
  if (typeof value === 'string') return { kind: 'text', text: foldable(value) };
  if (!isList(value)) return { kind: 'opaque' };
  if (value.length === 0) return unset;
  const texts = value.filter((item) => typeof item === 'string');
  return texts.length === value.length ? { kind: 'texts', texts: texts.map(foldable) } : { kind: 'opaque' };
}

function isList(value: SecurityAttributeValue): value is readonly (string | number)[] {
  return typeof value === 'object';
}
