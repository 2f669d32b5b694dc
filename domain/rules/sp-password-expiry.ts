import type { PasswordCredential } from '../model/directory.ts';
import type { Evidence, Verdict } from '../model/verdict.ts';
import { judgePrincipals, type PrincipalToJudge } from './app-rule.ts';
import { addMonths } from './calendar.ts';
import { passwordCover } from './password-cover.ts';
import { threshold } from './rule-settings.ts';
import type { AccountRule, RuleContext } from './rule.ts';
import { byCodeUnit, verdict } from './verdicts.ts';

const day = 86_400_000;

/** The service principal's passwords decide; the application's are named where it has none, and mend nothing. */
export const spPasswordExpiry: AccountRule = {
  about: 'account',
  id: 'sp-password-expiry',
  statement: "The password of the storage app's service principal is valid, and for long enough",
  why: 'When it lapses, Entra can no longer encrypt tickets for the account, and mounts fail from one minute to the next.',
  severity: 'critical',
  needs: ['storage-accounts', 'applications', 'service-principals'],
  helpedBy: [],
  symptom: 'The service principal password has expired: mounts that worked stop working',
  remediation: {
    summary:
      'Legacy app: rotate the password or set the account up anew; managed app: switch Entra Kerberos off and on again',
    action: null,
  },
  // Days of 24 h and calendar months in UTC, bounds inclusive.
  thresholds: { criticalDays: 7, failDays: 30, warnDays: 60, noticeMonths: 6, rotationMonths: 6 },
  evaluate: (context) => judgePrincipals(spPasswordExpiry, context, (app) => judge(app, context)),
};

function judge(app: PrincipalToJudge, context: RuleContext): Verdict {
  const { severity } = spPasswordExpiry;
  const { id, passwordCredentials } = app.principal.object;
  const deciders = [id];
  if (passwordCredentials === null) {
    const evidence = { readFrom: 'service-principals' };
    return verdict('unknown', severity, "The service principal's passwords were not in what was read", {
      evidence,
      deciders,
    });
  }
  if (passwordCredentials.length === 0) return judgeNone(app, id);
  return judgeDates(app, passwordCredentials, context, id);
}

function judgeNone(app: PrincipalToJudge, principalId: string): Verdict {
  const told = {
    evidence: { passwords: [], applicationPasswords: passwordEvidence(app.application?.passwordCredentials ?? []) },
    deciders: [principalId],
  };
  if (app.origin !== 'managed') return verdict('fail', 'critical', 'The service principal has no password', told);
  return verdict(
    'unknown',
    spPasswordExpiry.severity,
    'The service principal shows no password, though the storage provider manages it',
    told,
  );
}

function judgeDates(
  app: PrincipalToJudge,
  passwords: readonly PasswordCredential[],
  context: RuleContext,
  principalId: string,
): Verdict {
  const { now, settings } = context;
  const limit = (name: string) => threshold(spPasswordExpiry, name, settings);
  const cover = passwordCover(passwords, now);
  const told = (extra: Evidence) => ({
    evidence: { passwords: passwordEvidence(passwords), readFrom: 'service-principals', ...extra },
    deciders: [principalId],
  });
  if (cover.state === 'unsaid') {
    return verdict(
      'unknown',
      spPasswordExpiry.severity,
      'No password of the service principal says when it ends',
      told({}),
    );
  }
  if (cover.state === 'none') {
    const when = cover.endedAt === null ? 'is not valid yet' : `expired on ${dayOf(cover.endedAt)}`;
    return verdict('fail', 'critical', `The service principal's password ${when}`, told({ validUntil: null }));
  }
  const { until } = cover;
  const coverTold = told({ validUntil: new Date(until).toISOString() });
  const title = `The service principal's password expires on ${dayOf(until)}`;
  if (until <= now + limit('criticalDays') * day) return verdict('fail', 'critical', title, coverTold);
  if (until <= now + limit('failDays') * day) return verdict('fail', 'high', title, coverTold);
  if (until <= now + limit('warnDays') * day) return verdict('warn', 'medium', title, coverTold);
  if (app.origin !== 'managed' && isIssuedTooLong(passwords, limit('rotationMonths'), now)) {
    const rotation = `The service principal's password is issued for more than ${limit('rotationMonths')} months`;
    return verdict('warn', 'low', rotation, coverTold);
  }
  if (until <= addMonths(now, limit('noticeMonths'))) {
    return verdict('warn', app.origin === 'managed' ? 'info' : 'low', title, coverTold);
  }
  return verdict(
    'pass',
    spPasswordExpiry.severity,
    `The service principal's password is valid until ${dayOf(until)}`,
    coverTold,
  );
}

/** Whether a password that has not ended was issued for longer than the rotation allows. */
function isIssuedTooLong(passwords: readonly PasswordCredential[], months: number, now: number): boolean {
  return passwords.some(
    ({ startsAt, endsAt }) =>
      startsAt !== null && endsAt !== null && endsAt > now && endsAt > addMonths(startsAt, months),
  );
}

function passwordEvidence(passwords: readonly PasswordCredential[]) {
  return passwords
    .map(({ keyId, startsAt, endsAt }) => ({ keyId, startDateTime: isoOf(startsAt), endDateTime: isoOf(endsAt) }))
    .sort((a, b) => byCodeUnit(a.endDateTime ?? '', b.endDateTime ?? '') || byCodeUnit(a.keyId, b.keyId));
}

function isoOf(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
