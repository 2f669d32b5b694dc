import type { Verdict } from '../model/verdict.ts';
import { judgeStorageApps, type StorageAppToJudge } from './app-rule.ts';
import { type PrivateLinkDemand, privateLinkDemand } from './private-link-demand.ts';
import type { AccountRule, RuleContext } from './rule.ts';
import { namesMissing, privateLinkHost, ticketNames } from './storage-app-names.ts';
import { verdict } from './verdicts.ts';

/** Windows follows the DNS alias of a private endpoint and asks for a ticket under the privatelink name. */
export const privateLinkSpn: AccountRule = {
  about: 'account',
  id: 'private-link-spn',
  statement: 'Where a private endpoint leads to the file shares, the app carries the six privatelink names as well',
  why: 'Through a private endpoint clients ask for a ticket by the privatelink name; an app without it gets none, and Windows falls back to NTLM.',
  severity: 'high',
  needs: ['storage-accounts', 'applications', 'service-principals', 'private-endpoints'],
  helpedBy: [],
  symptom: 'System error 1326, or a prompt for credentials, through a private endpoint',
  remediation: { summary: 'Add the six privatelink names to the storage app', action: 'add-privatelink-uris' },
  thresholds: {},
  evaluate: (context) => {
    const demand = privateLinkDemand(context.account, context.resources);
    if (demand.state === 'none') {
      return verdict('not-applicable', privateLinkSpn.severity, 'No private endpoint leads to its file shares', {
        evidence: endpointEvidence(demand),
      });
    }
    const judged = judgeStorageApps(privateLinkSpn, context, (app) => judge(app, demand, context));
    // Whatever else is not known, it might not matter: the endpoints that were not read may show that none leads here.
    return judged.outcome === 'unknown' ? { ...judged, gaps: [...new Set([...judged.gaps, ...demand.gaps])] } : judged;
  },
};

function judge(app: StorageAppToJudge, demand: PrivateLinkDemand, { account, directory }: RuleContext): Verdict {
  const { severity } = privateLinkSpn;
  if (app.principal.state === 'unread') {
    return verdict('unknown', severity, 'The service principal that carries the names was not read', {
      evidence: endpointEvidence(demand),
      gaps: app.principal.gaps,
    });
  }
  const { id, servicePrincipalNames } = app.principal.object;
  const names = ticketNames(privateLinkHost(account.host ?? ''), directory.facts.tenantId);
  const missing = namesMissing(names, servicePrincipalNames);
  const told = {
    evidence: {
      ...endpointEvidence(demand),
      missingNames: missing.map(({ name }) => name).sort(),
      readFrom: ['private-endpoints', 'service-principals', 'storage-accounts'],
    },
    deciders: [id, ...demand.endpoints.map((endpoint) => endpoint.id)],
  };
  if (names.length === 0) {
    return verdict(
      'unknown',
      severity,
      `What ${account.host ?? 'it'} is called behind a private endpoint is not known here`,
      told,
    );
  }
  const name = `‹${app.displayName}›`;
  if (missing.length === 0) return verdict('pass', severity, `${name} carries the privatelink names`, told);
  if (demand.state === 'undecided') {
    const doubt = `${name} lacks privatelink names, and whether a private endpoint leads to the file shares could not be told`;
    return verdict('unknown', severity, doubt, told);
  }
  if (missing.filter(({ service }) => service === 'CIFS').length === 2) {
    const broken = `${name} has no CIFS name for the private endpoint: mounts through it get no ticket`;
    return verdict('fail', severity, broken, told);
  }
  const count = `${missing.length} of ${names.length} privatelink names`;
  return verdict('warn', 'low', `${name} lacks ${count}: who asks by one of these gets no ticket`, told);
}

function endpointEvidence({ endpoints }: PrivateLinkDemand) {
  return { endpoints: endpoints.map(({ id, subResource, approved }) => ({ id, subResource, approved })) };
}
