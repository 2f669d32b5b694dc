import { z } from 'zod';
import type { AuthenticationStrength, GrantControls } from '../../domain/model/conditional-access-policy.ts';
import { optionalText } from './fields.ts';
import { keyword } from './keyword.ts';
import { words } from './policy-conditions.ts';
import { isSet, policySection } from './policy-section.ts';

const authenticationStrength = z
  .looseObject({
    id: optionalText.transform((id) => id?.toLowerCase() ?? null),
    displayName: optionalText,
    policyType: optionalText.transform(spelled('builtIn', 'custom')),
    requirementsSatisfied: optionalText.transform(spelled('mfa', 'none')),
    // Each entry is itself a combination joined by commas, so it stays one text.
    allowedCombinations: words(),
  })
  .nullish()
  .transform((strength): AuthenticationStrength | null => {
    if (!strength || !isSet(strength)) return null;
    const { id, displayName, policyType, requirementsSatisfied, allowedCombinations } = strength;
    return { id, displayName, policyType, requirementsSatisfied, allowedCombinations };
  });

/**
 * `grantControls` of a policy; null when it demands nothing. A member that is set and unknown joins the built-in controls by
 * its name, as a control nobody can decide: left out, a policy that demands something new would seem to demand nothing.
 */
export const policyGrantControls = policySection({
  operator: optionalText.transform(spelled('AND', 'OR')),
  builtInControls: words(
    'block',
    'mfa',
    'compliantDevice',
    'domainJoinedDevice',
    'approvedApplication',
    'compliantApplication',
    'passwordChange',
    'riskRemediation',
  ),
  customAuthenticationFactors: words(),
  termsOfUse: words(),
  authenticationStrength,
}).transform(({ known, unread }): GrantControls | null => {
  const { operator, customAuthenticationFactors, termsOfUse } = known;
  const builtInControls = [...known.builtInControls, ...unread.map((name) => `grantControls.${name}`)];
  const demands = builtInControls.length + customAuthenticationFactors.length + termsOfUse.length;
  if (demands === 0 && known.authenticationStrength === null) return null;
  return {
    operator,
    builtInControls,
    customAuthenticationFactors,
    termsOfUse,
    authenticationStrength: known.authenticationStrength,
  };
});

function spelled(...known: readonly string[]): (text: string | null) => string | null {
  const spell = keyword(...known);
  return (text) => (text === null ? null : spell(text));
}
