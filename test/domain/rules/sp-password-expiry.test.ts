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
  principalId,
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
/** Two passwords, neither issued for more than six months, that cover longer than that together. */
const rotated = [until(sixMonths, now), until(sixMonths + 30 * day, sixMonths - 30 * day)];

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
    expect(legacy(...rotated).outcome).toBe('pass');
  });

  it('counts every password that has not ended for the rotation, and none that says no start or no end', () => {
    expect(legacy(password(100), ...rotated)).toMatchObject({ outcome: 'warn', severity: 'low' });
    expect(legacy(...rotated, password(100)).title).toContain('more than 6 months');
    expect(legacy(password(-10), ...rotated).outcome).toBe('pass');
    expect(legacy(password(0), ...rotated).outcome).toBe('pass'); // ends this very instant
    expect(legacy(until(sixMonths + day, null)).outcome).toBe('pass');
    expect(legacy(until(null, now - 300 * day), ...rotated).outcome).toBe('pass');
  });

  it('says when it ends, or ended, to the day', () => {
    expect(managed(until(Date.parse('2026-11-28T23:30:00Z'))).title).toContain('expires on 2026-11-28');
    expect(managed(until(Date.parse('2028-02-29T01:00:00Z'))).title).toContain('valid until 2028-02-29');
    const former = { ...until(Date.parse('2026-10-31T08:00:00Z')), startsAt: now - 400 * day };
    expect(managed(former, password(-30)).title).toMatch(/expired on 2026-10-31$/u);
    expect(managed(until(now + 300 * day, now + day)).title).toContain('not valid yet');
  });

  it('shows every password by its id and dates, in the order in which they end, and until when they cover', () => {
    const one = (id: number, startsAt: number | null, endsAt: number | null) => ({ keyId: guid(id), startsAt, endsAt });
    const first = one(0x72, now - day, now + 80 * day);
    const twin = one(0x71, now - 2 * day, now + 80 * day);
    const last = one(0x70, null, now + 90 * day);
    const endless = one(0x73, now - day, null);
    const shown = (startDateTime: string | null, endDateTime: string | null, id: number) => ({
      keyId: guid(id),
      startDateTime,
      endDateTime,
    });
    const verdict = managed(last, first, endless, twin);
    expect(verdict).toMatchObject({
      deciders: [principalId],
      evidence: {
        apps: [
          {
            passwords: [
              shown('2026-11-20T12:00:00.000Z', null, 0x73),
              shown('2026-11-19T12:00:00.000Z', '2027-02-09T12:00:00.000Z', 0x71),
              shown('2026-11-20T12:00:00.000Z', '2027-02-09T12:00:00.000Z', 0x72),
              shown(null, '2027-02-19T12:00:00.000Z', 0x70),
            ],
            validUntil: '2027-02-19T12:00:00.000Z',
            readFrom: 'service-principals',
          },
        ],
      },
    });
    expect(managed(twin, endless, first, last)).toEqual(verdict);
  });

  it('shows that nothing covers where none is valid', () => {
    expect(managed(password(-1))).toMatchObject({ evidence: { apps: [{ validUntil: null }] } });
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
      deciders: [principalId],
      evidence: { apps: [{ passwords: [], applicationPasswords: [{ keyId: password(300).keyId }] }] },
    });
    const alone = directory({ applications: known([]), servicePrincipals: known([bare]) });
    expect(judge(spPasswordExpiry, { directory: alone })).toMatchObject({
      outcome: 'unknown',
      evidence: { apps: [{ passwords: [], applicationPasswords: [] }] },
    });
  });

  it('could not be evaluated: the property absent, on any app', () => {
    expect(of(principal({ passwordCredentials: null }))).toMatchObject({
      outcome: 'unknown',
      deciders: [principalId],
      evidence: { apps: [{ readFrom: 'service-principals' }] },
    });
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
