import type { ActionMode, BrakeSettings, Settings } from '../../domain/model/settings.ts';
import { guid, settings } from '../domain/build.ts';
import { onlyRules } from '../domain/estate.ts';
import type { Random } from './random.ts';
import { cloudOnlyNames, orphanRule, watchedRules } from './truth-faults.ts';

/** Who switched the actions on, and approves none of them. */
export const requester = guid(0xbad);
export const receiverUrl = 'https://receiver.example/hook';
export const secretSetting = 'WEBHOOK_SECRET';

const dayMinutes = 24 * 60;
const safe: readonly ActionMode[] = ['off', 'dry-run', 'approve', 'approve', 'auto', 'auto', 'auto', 'auto'];
/** `auto` is refused for what is not safe. */
const weakening: readonly ActionMode[] = ['off', 'dry-run', ...Array.from({ length: 6 }, () => 'approve' as const)];

/** The settings of a seed: which actions are on, and how. */
export function settingsOf(random: Random): Settings {
  return settings({
    rules: onlyRules(
      ...watchedRules,
      orphanRule,
      'coverage-lost',
      'mfa-exclusion-not-orphaned',
      'remediation-collision',
    ),
    remediation: {
      'grant-consent': random.pick(['auto', 'auto', 'auto', 'approve'] as const),
      'add-missing-scopes': random.pick(safe),
      'assignment-not-required': random.pick(safe),
      'remove-orphaned-exclusion': random.pick(safe),
      'exclude-app-from-policy': random.pick(weakening),
      'replace-dangling-exclusion': random.pick(weakening),
      'add-privatelink-uris': random.pick(safe),
      'add-cloud-group-tag': random.pick(safe),
      'allow-aes256-kerberos': random.pick(weakening),
    },
    brakes: brakesOf(random),
    cloudOnlyUsers: cloudOnlyNames.map((name) => ({ name })),
    alerts: [{ channel: 'webhook', url: receiverUrl, secretSetting, minimumSeverity: 'low' }],
  });
}

/** Often as loose as out of the box; sometimes so tight that jobs wait for each other, or stop. */
function brakesOf(random: Random): BrakeSettings {
  const from = random.between(0, dayMinutes - 1);
  const to = (from + random.between(60, 8 * 60)) % dayMinutes;
  return {
    killSwitch: random.chance(0.02),
    writesPerHourPerAction: random.pick([1, 2, 20, 20]),
    writesPerHour: random.pick([1, 3, 50, 50]),
    stopAfterFailures: random.pick([1, 1, 2, 3]),
    quietHours: random.pick([[], [], [{ from, to }]]),
    approvalHours: random.pick([1, 1, 8, 24]),
    requesters: [requester],
  };
}
