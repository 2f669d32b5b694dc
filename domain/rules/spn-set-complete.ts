import type { Verdict } from '../model/verdict.ts';
import { judgePrincipals, type PrincipalToJudge } from './app-rule.ts';
import type { AccountRule, RuleContext } from './rule.ts';
import { namesMissing, type TicketName, ticketNames } from './storage-app-names.ts';
import { verdict } from './verdicts.ts';

/** Clients ask for CIFS; HOST and HTTP, and the `api://` forms, are what the storage provider adds (domain facts 2.1). */
export const spnSetComplete: AccountRule = {
  about: 'account',
  id: 'spn-set-complete',
  statement: "The app carries all six names of the account's host: HOST, CIFS and HTTP, bare and under api://",
  why: 'Entra finds the app by the name that the client asks for; without that name there is no ticket, and Windows falls back to NTLM.',
  severity: 'high',
  needs: ['storage-accounts', 'applications', 'service-principals'],
  helpedBy: [],
  symptom: 'System error 1326, or a prompt for credentials',
  remediation: {
    summary:
      'Switch Entra Kerberos off and on again: the new app has all names; then grant consent and exclude it again',
    action: null,
  },
  thresholds: {},
  evaluate: (context) => judgePrincipals(spnSetComplete, context, (app) => judge(app, context)),
};

function judge(app: PrincipalToJudge, { account, directory }: RuleContext): Verdict {
  const { severity } = spnSetComplete;
  const { id, servicePrincipalNames: held } = app.principal.object;
  const names = ticketNames(account.host, directory.facts.tenantId);
  const missing = namesMissing(names, held);
  const odd = notInCapitals(names, held);
  const told = {
    evidence: {
      missingNames: missing.map(({ name }) => name).sort(),
      notInCapitals: odd,
      readFrom: 'service-principals',
    },
    deciders: [id],
  };
  const name = `‹${app.displayName}›`;
  if (missing.filter(({ service }) => service === 'CIFS').length === 2) {
    return verdict('fail', severity, `${name} has no CIFS name for the account's host: no mount gets a ticket`, told);
  }
  if (app.origin === 'legacy' && missing.every(({ form }) => form === 'api')) {
    const title = `Legacy app ${name} has its three bare names only: who asks by an api:// name gets no ticket`;
    return verdict('warn', 'low', title, told);
  }
  if (missing.length > 0) {
    const count = `${missing.length} of its ${names.length} names`;
    return verdict('warn', 'medium', `${name} lacks ${count}: who asks by one of these gets no ticket`, told);
  }
  if (odd.length > 0) {
    const title = `${name} has names whose service class is not in capitals: sessions may fail though a ticket is issued`;
    return verdict('warn', 'low', title, told);
  }
  return verdict('pass', severity, "The app carries all six names of the account's host", told);
}

/**
 * Names that are there in another spelling of their service class only. Entra takes them for the same; a field report
 * (domain facts 2.1) tells of tickets that the file service then does not accept.
 */
function notInCapitals(names: readonly TicketName[], held: readonly string[]): readonly string[] {
  return names
    .flatMap(({ name, service }) => {
      const spellings = held.filter((one) => one.toLowerCase() === name.toLowerCase());
      const at = name.indexOf(`${service}/`);
      return spellings.some((one) => one.startsWith(service, at)) ? [] : spellings;
    })
    .sort();
}
