import { describe, expect, it } from 'vitest';
import { known, unavailable } from '../../../domain/model/collection.ts';
import type { Application, PasswordCredential, ServicePrincipal } from '../../../domain/model/directory.ts';
import { spPasswordExpiry } from '../../../domain/rules/sp-password-expiry.ts';
import {
  account,
  application,
  day,
  directory,
  gap,
  graphPrincipal,
  guid,
  host,
  judge,
  legacyApplication,
  legacyPrincipal,
  now,
  password,
  principal,
  settings,
} from '../build.ts';

function of(object: ServicePrincipal, app: Application = application(), overrides = settings()) {
  const facts = { servicePrincipals: known([object]), applications: known([app]) };
  return judge(spPasswordExpiry, { directory: directory(facts), settings: overrides });
}

function managed(...passwordCredentials: PasswordCredential[]) {
  return of(principal({ passwordCredentials }));
}

function legacy(...passwordCredentials: PasswordCredential[]) {
  return of(legacyPrincipal({ passwordCredentials }), legacyApplication());
}

const until = (endsAt: number | null, startsAt: number | null = now - day) => ({ keyId: guid(70), startsAt, endsAt });
/** Six calendar months from the tests' instant. */
const sixMonths = Date.parse('2027-05-21T12:00:00Z');

describe('sp-password-expiry: the password of the service principal is valid, and for long enough', () => {
  it('is compliant beyond six calendar months', () => {
    expect(managed(until(sixMonths + 1)).outcome).toBe('pass');
  });

  it.each([
    ['ended', -1, 'critical'],
    ['ends in 7 days', 7, 'critical'],
    ['ends in 30 days', 30, 'high'],
  ])('is not compliant: %s', (_says, daysLeft, severity) => {
    expect(managed(password(daysLeft))).toMatchObject({ outcome: 'fail', severity });
    expect(legacy(password(daysLeft))).toMatchObject({ outcome: 'fail', severity });
  });

  it('counts bounds inclusively, to the millisecond', () => {
    const just = (days: number) => managed(until(now + days * day + 1));
    expect(just(7)).toMatchObject({ outcome: 'fail', severity: 'high' });
    expect(just(30)).toMatchObject({ outcome: 'warn', severity: 'medium' });
    expect(managed(until(now + 60 * day))).toMatchObject({ outcome: 'warn', severity: 'medium' });
    expect(just(60)).toMatchObject({ outcome: 'warn', severity: 'info' });
  });

  it('warns within six calendar months: info where the provider manages the app, low for legacy or untold ones', () => {
    const renamed = { displayName: 'Profiles' };
    expect(managed(until(sixMonths))).toMatchObject({ outcome: 'warn', severity: 'info' });
    expect(legacy(until(sixMonths, null))).toMatchObject({ outcome: 'warn', severity: 'low' });
    expect(
      of(principal({ ...renamed, passwordCredentials: [until(sixMonths, null)] }), application(renamed)),
    ).toMatchObject({
      outcome: 'warn',
      severity: 'low',
    });
  });

  it('warns of a legacy password issued for more than six months, not of a managed one', () => {
    expect(legacy(password(300))).toMatchObject({ outcome: 'warn', severity: 'low' });
    expect(managed(password(300)).outcome).toBe('pass');
    expect(legacy(until(sixMonths + day, sixMonths - 100 * day)).outcome).toBe('fail'); // not valid yet
    expect(legacy(until(sixMonths, now), until(sixMonths + 30 * day, sixMonths - 30 * day)).outcome).toBe('pass');
  });

  it('counts a later password that starts before the former ends, and none behind a hole', () => {
    const first = until(now + 5 * day);
    expect(managed(first, until(now + 300 * day, now + 5 * day)).outcome).toBe('pass');
    expect(managed(first, until(now + 300 * day, now + 6 * day))).toMatchObject({
      outcome: 'fail',
      severity: 'critical',
    });
  });

  it('is not lengthened by a password without an end', () => {
    expect(managed(until(null), password(5))).toMatchObject({ outcome: 'fail', severity: 'critical' });
    expect(managed(until(null), password(-5))).toMatchObject({ outcome: 'fail', severity: 'critical' });
    expect(managed(until(null))).toMatchObject({ outcome: 'unknown', gaps: [] });
  });

  it('is not mended by the application', () => {
    const mended = application({ passwordCredentials: [password(300)] });
    expect(of(principal({ passwordCredentials: [password(-1)] }), mended)).toMatchObject({
      outcome: 'fail',
      severity: 'critical',
    });
  });

  it('is not compliant without any password on a legacy principal or one that cannot be told', () => {
    expect(
      of(legacyPrincipal({ passwordCredentials: [] }), legacyApplication({ passwordCredentials: [password(300)] })),
    ).toMatchObject({
      outcome: 'fail',
      severity: 'critical',
    });
    const renamed = { displayName: 'Profiles', passwordCredentials: [] };
    expect(of(principal(renamed), application(renamed)).outcome).toBe('fail');
  });

  it('could not be evaluated: no password on a managed principal, whatever its application holds, which evidence names', () => {
    const bare = principal({ passwordCredentials: [] });
    expect(of(bare).outcome).toBe('unknown');
    expect(of(bare, application({ passwordCredentials: [password(300)] }))).toMatchObject({
      outcome: 'unknown',
      gaps: [],
      evidence: { apps: [{ applicationPasswords: [{ keyId: password(300).keyId }] }] },
    });
  });

  it('could not be evaluated: the property absent, on any app', () => {
    expect(of(principal({ passwordCredentials: null })).outcome).toBe('unknown');
    expect(of(legacyPrincipal({ passwordCredentials: null }), legacyApplication()).outcome).toBe('unknown');
  });

  it('could not be evaluated: principals unread', () => {
    const unread = unavailable<never>(gap('service-principals'));
    const verdict = judge(spPasswordExpiry, { directory: directory({ servicePrincipals: unread }) });
    expect(verdict).toMatchObject({ outcome: 'unknown', gaps: [gap('service-principals')] });
  });

  it('does not apply without a principal, or to other sources', () => {
    expect(of(graphPrincipal()).outcome).toBe('not-applicable');
    expect(judge(spPasswordExpiry, { account: account({ directoryService: 'AD' }) }).outcome).toBe('not-applicable');
  });

  it('is judged for each of several candidates, and the worst counts', () => {
    const other = principal({
      id: guid(51),
      appId: guid(50),
      servicePrincipalNames: [`CIFS/${host}`],
      passwordCredentials: [password(20)],
    });
    const facts = { servicePrincipals: known([principal(), other]) };
    expect(judge(spPasswordExpiry, { directory: directory(facts) })).toMatchObject({
      outcome: 'fail',
      severity: 'high',
      deciders: [guid(51)],
    });
  });

  it('takes its thresholds from settings', () => {
    const rule = { enabled: true, severity: null, thresholds: { criticalDays: 1, failDays: 10 } };
    const changed = settings({ rules: { 'sp-password-expiry': rule } });
    expect(of(principal({ passwordCredentials: [password(20)] }), application(), changed)).toMatchObject({
      outcome: 'warn',
      severity: 'medium',
    });
    expect(of(principal({ passwordCredentials: [password(7)] }), application(), changed)).toMatchObject({
      outcome: 'fail',
      severity: 'high',
    });
  });
});
