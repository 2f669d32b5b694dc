import type { ActionMode, Settings } from '../../domain/model/settings.ts';
import { guid, settings } from '../domain/build.ts';
import { onlyRules } from '../domain/estate.ts';
import type { Random } from './random.ts';
import { orphanRule, watchedRules } from './truth.ts';

/** Who switched the actions on, and approves none of them. */
export const requester = guid(0xbad);
export const receiverUrl = 'https://receiver.example/hook';
export const secretSetting = 'WEBHOOK_SECRET';

const safe: readonly ActionMode[] = ['off', 'dry-run', 'approve', 'auto', 'auto'];
/** `auto` is refused for what is not safe. */
const weakening: readonly ActionMode[] = ['off', 'dry-run', 'approve', 'approve', 'approve'];

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
    },
    brakes: { ...settings().brakes, requesters: [requester] },
    alerts: [{ channel: 'webhook', url: receiverUrl, secretSetting, minimumSeverity: 'low' }],
  });
}
