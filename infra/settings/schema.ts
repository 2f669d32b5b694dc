import { z } from 'zod';
import type { Settings } from '../../domain/model/settings.ts';
import { narrowMatch } from './account-match.ts';
import { alertChannels } from './alert-channel.ts';
import { brakes, minutesOf } from './brakes.ts';
import { expectedSource } from './expected-source.ts';
import { hasToBe, listOf, named, oneOf } from './named.ts';
import { remediation } from './remediation.ts';
import { privacy, retention } from './retention.ts';
import { type KnownRule, ruleSettings } from './rule-settings.ts';
import { scope } from './scope.ts';
import { waivers } from './waivers.ts';

const watch = named({
  debounceSeconds: z
    .number(hasToBe('a number of seconds'))
    .min(0, 'has to be 0 or more')
    .max(600, 'has to be 600 or less')
    .default(30)
    .meta({ description: 'Seconds: events about one account within them are one audit at their end.' }),
});

/** `kerbwatch.settings/v1` (contracts.md, Settings), where every key has a default. Its descriptions are the documentation. */
export function settingsSchema(knownRules: readonly KnownRule[]) {
  return named({
    $schema: z
      .string(hasToBe('the address of a JSON Schema'))
      .optional()
      .meta({ description: 'For editors: where `settings.schema.json` lies. Nothing else reads it.' }),
    schema: oneOf(['kerbwatch.settings/v1'])
      .optional()
      .meta({ default: 'kerbwatch.settings/v1', description: 'The version of these settings.' }),
    scope: scope.prefault({}).meta({ description: 'What is read, and what of it is left alone.' }),
    rules: ruleSettings(knownRules).prefault({}).meta({ description: 'Rules by their id.' }),
    expectedSource: expectedSource.default([]).meta({
      default: [],
      description:
        'Which identity source accounts should have; the first match wins. `single-ad-source` fails where another is found.',
    }),
    cloudOnlyUsers: listOf(narrowMatch).default([]).meta({
      default: [],
      description: 'Accounts whose shares are used by people who have no identity on premises; one match is enough.',
    }),
    remediation: remediation.prefault({}).meta({
      description:
        'What may be done about a finding, by action: `off` nothing, `dry-run` only told, `approve` once a person approved it, `auto` at once.',
    }),
    alerts: alertChannels.default([]).meta({ default: [], description: 'Who is told when a finding changes.' }),
    watch: watch.prefault({}).meta({ description: 'How events are followed.' }),
    retention: retention.prefault({}).meta({ description: 'For how long what is stored is kept.' }),
    privacy: privacy.prefault({}).meta({ description: 'What is kept of people.' }),
    waivers: waivers.prefault({}).meta({ description: 'How faults may be accepted for a time.' }),
    brakes: brakes.prefault({}).meta({ description: 'What keeps remediation from making things worse.' }),
  })
    .transform((settings): Settings => ({
      scope: { ...settings.scope, subscriptions: settings.scope.subscriptions.map((id) => id.toLowerCase()) },
      rules: settings.rules,
      cloudOnlyUsers: settings.cloudOnlyUsers,
      expectedSource: settings.expectedSource,
      remediation: settings.remediation,
      alerts: settings.alerts,
      waivers: settings.waivers,
      brakes: {
        ...settings.brakes,
        quietHours: settings.brakes.quietHours.map(({ from, to }) => ({ from: minutesOf(from), to: minutesOf(to) })),
        requesters: settings.brakes.requesters.map((id) => id.toLowerCase()),
      },
      watch: settings.watch,
      retention: settings.retention,
      privacy: settings.privacy,
    }))
    .meta({ title: 'Kerbwatch settings', description: 'Everything has a default: {} is complete.' });
}
