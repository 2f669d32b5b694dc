import type { Evidence, Verdict } from '../model/verdict.ts';
import { aboutStorageApps, appEvidence, sureOf, type StorageAppsFound } from './app-rule.ts';
import type { AccountRule } from './rule.ts';
import type { StorageApp } from './storage-app.ts';
import { compareVerdicts, verdict } from './verdicts.ts';

/** Entra issues tickets for a host only to an application that claims it, through a live service principal. */
export const storageAppPresent: AccountRule = {
  about: 'account',
  id: 'storage-app-present',
  statement: 'The storage app and its service principal exist and are enabled',
  why: 'Without a live service principal for the host, Entra issues no Kerberos ticket and nobody can mount a share.',
  severity: 'critical',
  needs: ['storage-accounts', 'applications', 'service-principals'],
  helpedBy: [],
  symptom: 'System error 1326, or a prompt for credentials',
  remediation: {
    summary:
      'Enable the service principal; or switch Entra Kerberos off and on again, then grant consent and exclude the new app',
    action: null,
  },
  thresholds: {},
  evaluate: (context) =>
    aboutStorageApps(storageAppPresent, context, (found) => {
      if (found === null) {
        return verdict('fail', 'critical', 'No application in Entra stands for this account: no ticket can be issued', {
          evidence: { apps: [], readFrom: ['applications', 'service-principals'] },
        });
      }
      const verdicts = found.candidates.map(judge).sort(compareVerdicts);
      const [worst] = verdicts;
      if (worst === undefined) throw new RangeError('A search that found an app names none');
      const deciding = verdicts.filter((one) => one.outcome === worst.outcome);
      return sureOf(storageAppPresent, found, {
        ...worst,
        evidence: evidenceOf(found),
        deciders: deciding.flatMap((one) => one.deciders),
      });
    }),
};

function evidenceOf({ tier, confidence, candidates }: StorageAppsFound): Evidence {
  return {
    foundBy: tier,
    confidence,
    apps: candidates.map((app) => ({ ...appEvidence(app), principal: app.principal.state })),
  };
}

function judge(app: StorageApp): Verdict {
  const name = `‹${app.displayName}›`;
  const deciders = [app.appId];
  switch (app.principal.state) {
    case 'enabled':
      return verdict('pass', 'critical', `The storage app ${name} and its service principal are there`, { deciders });
    case 'disabled':
      return verdict('fail', 'critical', `The service principal of ${name} is disabled: no ticket can be issued`, {
        deciders,
      });
    case 'missing':
      return verdict('fail', 'critical', `Application ${name} has no service principal: no ticket can be issued`, {
        deciders,
      });
    case 'unclear':
      return verdict('unknown', 'critical', `Whether the service principal of ${name} is enabled was not read`, {
        deciders,
      });
    case 'unread':
      return verdict('unknown', 'critical', `The service principal of ${name} was not seen, in a list not read whole`, {
        deciders,
        gaps: app.principal.gaps,
      });
  }
}
