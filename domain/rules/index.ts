import type { Settings } from '../model/settings.ts';
import type { Verdict } from '../model/verdict.ts';
import { consentGranted } from './consent-granted.ts';
import { mfaExcluded } from './mfa-excluded.ts';
import { isEnabled, withSeverity } from './rule-settings.ts';
import type { Rule, RuleContext } from './rule.ts';
import { singleAdSource } from './single-ad-source.ts';
import { spPasswordExpiry } from './sp-password-expiry.ts';
import { storageAppPresent } from './storage-app-present.ts';
import { storageAppUnambiguous } from './storage-app-unambiguous.ts';

/** Every rule about one account, in the order in which a person would look. */
export const rules: readonly Rule[] = [
  singleAdSource,
  storageAppPresent,
  storageAppUnambiguous,
  mfaExcluded,
  consentGranted,
  spPasswordExpiry,
];

/** The rules that settings leave on. */
export function enabledRules(settings: Settings): readonly Rule[] {
  return rules.filter((rule) => isEnabled(rule, settings));
}

/** What every switched-on rule says of one account, with the severities and thresholds that settings give. */
export function evaluateAccount(context: RuleContext): readonly { readonly rule: Rule; readonly verdict: Verdict }[] {
  return enabledRules(context.settings).map((rule) => ({
    rule,
    verdict: withSeverity(rule.evaluate(context), context.settings.rules[rule.id]?.severity ?? null),
  }));
}
