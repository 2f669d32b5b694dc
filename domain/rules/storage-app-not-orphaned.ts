import { type Gap, gapsOf } from '../model/collection.ts';
import type { Verdict } from '../model/verdict.ts';
import { appsWithoutAccount, type AppWithoutAccount } from './orphan-candidates.ts';
import type { AccountNames, SubjectVerdict, TenantContext, TenantRule } from './rule.ts';
import { verdict } from './verdicts.ts';

const readFrom = ['applications', 'service-principals', 'storage-accounts'] as const;

/**
 * An account that was not seen may be in a subscription that nobody could read: its app is an orphan only when the
 * account is proved absent, by its name being free in the whole cloud.
 */
export const storageAppNotOrphaned: TenantRule = {
  about: 'tenant',
  id: 'storage-app-not-orphaned',
  statement: 'Every storage app stands for a storage account that exists',
  why: 'Deleting an account leaves its app: with its consent, its names, and every exclusion from policies it was given.',
  severity: 'medium',
  needs: ['storage-accounts', 'applications', 'service-principals'],
  helpedBy: [],
  symptom: null,
  remediation: { summary: 'Delete the application, if nobody means to restore the account', action: null },
  thresholds: {},
  evaluate: (context) => {
    const apps = appsWithoutAccount(context.directory, context.storageAccounts).filter(
      ({ appId }) => context.goneApps?.has(appId) !== true,
    );
    const [orphans, others] = [true, false].map((wanted) =>
      apps.filter((app) => isOrphan(app, context.accountNames) === wanted),
    ) as [AppWithoutAccount[], AppWithoutAccount[]];
    return { subjects: orphans.map(standingOut), others: judgeOthers(context, others, orphans.length > 0) };
  },
};

/** The appIds of those whose account is proved absent. */
export function orphansAmong(apps: readonly AppWithoutAccount[], accountNames: AccountNames): readonly string[] {
  return apps.filter((app) => isOrphan(app, accountNames)).map(({ appId }) => appId);
}

function isOrphan({ accountNames: names }: AppWithoutAccount, accountNames: AccountNames): boolean {
  return names.every((name) => accountNames(name) === 'free');
}

function standingOut(app: AppWithoutAccount): SubjectVerdict {
  const title = `App ‹${app.displayName}› stands for ${app.hosts.join(', ')}, whose account no longer exists: its names and its consent live on`;
  return {
    subject: app.appId,
    verdict: verdict('fail', storageAppNotOrphaned.severity, title, {
      evidence: { ...app, nameAvailability: app.accountNames.map((name) => ({ name, answer: 'free' })), readFrom },
      deciders: [app.appId],
    }),
  };
}

/** Nobody asked whether the name is taken, or there was no answer. */
const unaskedName: Gap = {
  collection: 'storage-accounts',
  scope: 'tenant',
  reason: 'not-visible',
  needs: 'Microsoft.Storage/checknameavailability/read',
};

/** `untold`: apps whose account was not seen, and is not proved absent. */
function judgeOthers(
  { directory, storageAccounts, accountNames }: TenantContext,
  untold: readonly AppWithoutAccount[],
  hasOrphans: boolean,
): Verdict {
  const { severity, statement } = storageAppNotOrphaned;
  const accountGaps = gapsOf(storageAccounts);
  const isUnasked = (app: AppWithoutAccount) => app.accountNames.some((name) => accountNames(name) === null);
  const listGaps = [...gapsOf(directory.facts.applications), ...gapsOf(directory.facts.servicePrincipals)];
  if (untold.length > 0) {
    const title =
      untold.length === 1
        ? `Whether the account of app ‹${untold.map((app) => app.displayName).join('')}› still exists cannot be told`
        : `Whether the accounts of ${untold.length} storage apps still exist cannot be told`;
    return verdict('unknown', severity, title, {
      evidence: { apps: untold.map((app) => untoldEvidence(app, accountNames)), readFrom },
      deciders: untold.map((app) => app.appId),
      gaps: [...listGaps, ...(accountGaps.length === 0 && untold.some(isUnasked) ? [unaskedName] : accountGaps)],
    });
  }
  if (listGaps.length > 0) {
    const title = 'Apps were not read whole: there may be more that stand for no account';
    return verdict('unknown', severity, title, { evidence: { apps: [], readFrom }, gaps: listGaps });
  }
  const title = hasOrphans ? 'Every other storage app stands for a storage account that exists' : statement;
  return verdict('pass', severity, title, { evidence: { readFrom } });
}

function untoldEvidence({ appId, displayName, hosts, accountNames: names }: AppWithoutAccount, ask: AccountNames) {
  return { appId, displayName, hosts, nameAvailability: names.map((name) => ({ name, answer: ask(name) })) };
}
