import { describe, expect, it } from 'vitest';
import { findSymptoms } from '../../cli/find-symptoms.ts';
import { rules } from '../../domain/rules/index.ts';
import { symptoms } from '../../domain/rules/symptoms.ts';

function best(text: string): string | null {
  return findSymptoms(text, symptoms)[0]?.id ?? null;
}

describe('findSymptoms', () => {
  it.each([
    // The error catalogue, as people meet it on the screen.
    ['The request to Microsoft Graph failed with code BadRequest', 'enable-bad-request'],
    ['request to Azure AD Graph failed with code BadRequest', 'enable-bad-request'],
    ['Grant admin consent greyed out', 'consent-greyed-out'],
    ['AADSTS65001', 'aadsts65001'],
    ['System error 1327', 'system-error-1327'],
    ['System error 1326', 'system-error-1326'],
    ['credential prompt', 'system-error-1326'],
    ['private link', 'system-error-1326'],
    ['SP password expired', 'service-principal-password-expired'],
    ['AADSTS50105', 'aadsts50105'],
    ['System error 5', 'system-error-5'],
    ['All newly added URIs must contain a tenant verified domain, tenant ID, or app ID', 'uri-tenant-verified-domain'],
    ["ticket can't be decrypted", 'ticket-encryption'],
    ['fails after ~10 h', 'stops-after-ten-hours'],
    ['fails after network change', 'stops-after-network-change'],
    ['AD DS accounts stop mounting after client switch', 'ad-accounts-stop-after-client-switch'],
    ['AadDsTenantNotFound', 'aadds-tenant-not-found'],
    // The articles.
    [
      "System error 1327: Account restrictions are preventing this user from signing in. For example: blank passwords aren't allowed, sign-in times are limited, or a policy restriction has been enforced.",
      'system-error-1327',
    ],
    ['Service principal password has expired in Microsoft Entra ID', 'service-principal-password-expired'],
    ['Error 1326 - The username or password is incorrect when using private link', 'system-error-1326'],
    ['klist get krbtgt', 'no-cloud-ticket'],
    ['dsregcmd.exe /RefreshPrt', 'no-cloud-ticket'],
    ['LsaCreateTrustedDomainEx 0x549', 'cloud-trust-not-ready'],
    ['CloudTrustDisplay field returns an empty value', 'cloud-trust-not-ready'],
    // What a help desk types.
    ['cannot contact a domain controller', 'cannot-contact-domain-controller'],
    ["CAN'T CONTACT DOMAIN CONTROLLER!", 'cannot-contact-domain-controller'],
    ['network path not found', 'system-error-53'],
    ['error 53', 'system-error-53'],
    ['access denied', 'system-error-5'],
    ['0x8007052F', 'system-error-1327'],
    ['fslogix', 'fslogix-profile'],
    ['windows server 2022 system error 1326', 'system-error-1326'],
    ['0x52e', 'system-error-1326'],
    ['0x0000052E', 'system-error-1326'],
    ['0x52f', 'system-error-1327'],
    ['0x5', 'system-error-5'],
    ['0x80070005', 'system-error-5'],
    ['0x35', 'system-error-53'],
    ['53003', 'aadsts53003'],
    ['error code 65001', 'aadsts65001'],
    ['50076', 'system-error-1327'],
    ['multi-factor', 'system-error-1327'],
    ['multi-factor authentication', 'system-error-1327'],
    ['multifactor', 'system-error-1327'],
  ])('%s', (text, id) => {
    expect(best(text)).toBe(id);
  });

  it.each([
    'System error 132',
    'System error 13270',
    'AADSTS5010',
    'error 1',
    'banana',
    'mfa-exclude',
    'server',
    'servers',
    '0x6',
    '0xC000',
    'the',
    '',
    ' ?! ',
  ])("finds nothing for '%s'", (text) => {
    expect(findSymptoms(text, symptoms)).toEqual([]);
  });

  it('finds a rule by its own symptom', () => {
    const lost = rules.filter(
      ({ id, symptom }) =>
        symptom !== null &&
        !findSymptoms(symptom, symptoms).some(({ causes }) => causes.some(({ rule }) => rule === id)),
    );
    expect(lost.map(({ id, symptom }) => `${id}: ${symptom ?? ''}`)).toEqual([]);
  });

  it('finds every symptom by each of its phrases, and first or as well as the first', () => {
    const lost = symptoms.flatMap((symptom) =>
      symptom.phrases.filter((phrase) => !findSymptoms(phrase, symptoms).includes(symptom)),
    );
    expect(lost).toEqual([]);
    expect(symptoms.filter(({ id, phrases }) => best(phrases[0] ?? '') !== id).map(({ id }) => id)).toEqual([]);
  });

  it('does not mind case, punctuation and the order of words', () => {
    const found = findSymptoms('not found: network PATH', symptoms);
    expect(found).toEqual(findSymptoms('network path not found', symptoms));
  });
});
