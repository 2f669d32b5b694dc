import { z } from 'zod';
import type { Settings } from '../../domain/model/settings.ts';
import { accountMatch, narrowMatch } from './account-match.ts';
import { alertChannel } from './alert-channel.ts';
import { named, oneOf } from './named.ts';
import { remediation } from './remediation.ts';
import { type KnownRule, ruleSettings } from './rule-settings.ts';

const sources = ['None', 'AADDS', 'AD', 'AADKERB'] as const;

const scope = named({
  managementGroups: z.array(z.string().min(1, 'has to be the id of a management group')).default([]),
  subscriptions: z.array(z.guid('has to be the id of a subscription').transform((id) => id.toLowerCase())).default([]),
  exclude: z.array(narrowMatch).default([]),
});

const watch = named({
  debounceSeconds: z
    .number('has to be a number of seconds')
    .min(0, 'has to be 0 or more')
    .max(600, 'has to be 600 or less')
    .default(30),
});

/** A key of the contract that nothing acts on yet: silently taken, it would seem to work. */
const later = z.unknown().refine(isEmpty, 'is not supported yet; leave it out').optional();

/** `kerbwatch.settings/v1` (contracts.md, Settings), where every key has a default. */
export function settingsSchema(knownRules: readonly KnownRule[]): z.ZodType<Settings> {
  return named({
    schema: oneOf(['kerbwatch.settings/v1']).optional(),
    scope: scope.prefault({}),
    rules: ruleSettings(knownRules).prefault({}),
    expectedSource: z.array(named({ match: accountMatch, source: oneOf(sources) })).default([]),
    cloudOnlyUsers: later,
    remediation: remediation.prefault({}),
    alerts: z.array(alertChannel).default([]),
    watch: watch.prefault({}),
    retention: later,
    privacy: later,
    waivers: later,
    brakes: later,
  }).transform((settings): Settings => ({
    scope: settings.scope,
    rules: settings.rules,
    expectedSource: settings.expectedSource,
    remediation: settings.remediation,
    alerts: settings.alerts,
    watch: settings.watch,
  }));
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
