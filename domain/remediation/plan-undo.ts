import { inScope } from '../audit/evaluate.ts';
import type { FreshFacts } from '../audit/ports.ts';
import { itemsOf } from '../model/collection.ts';
import { gapsIn } from '../model/facts.ts';
import type { Settings } from '../model/settings.ts';
import type { StorageAccount } from '../model/storage-account.ts';
import { type Directory, indexDirectory } from '../rules/directory.ts';
import { actionCalls } from './action-calls.ts';
import { PlanUnreadable, readAccounts, refusePassing } from './plan-of-repair.ts';
import type { RemediationPlan } from './plan.ts';
import { soundApp } from './sound-app.ts';
import { type PolicyNow, undoPlanOf } from './undo-plan.ts';
import type { WriteRecord } from './write-record.ts';

/** `why`, a sentence without its full stop: there is none as the facts are now. `waits`: they could not be read just now. */
export type UndoPlanned =
  { readonly kind: 'plan'; readonly plan: RemediationPlan } | { readonly kind: 'none' | 'waits'; readonly why: string };

/**
 * Plans the undo of what was recorded from facts read now: in the tenant and scope of this app, and for the same apps as it
 * was done for, which are still beyond doubt where they had to be.
 */
export async function planUndo(record: WriteRecord, settings: Settings, facts: FreshFacts): Promise<UndoPlanned> {
  try {
    return await planned(record, settings, facts);
  } catch (error) {
    if (error instanceof PlanUnreadable) return { kind: 'waits', why: error.message };
    throw error;
  }
}

async function planned(record: WriteRecord, settings: Settings, facts: FreshFacts): Promise<UndoPlanned> {
  const shared = await facts.shared();
  refusePassing(gapsIn(shared, ['applications', 'service-principals', 'oauth2-permission-grants']));
  const directory = indexDirectory(shared.directory);
  if (shared.directory.tenantId !== record.tenantId) return none('What is to be taken back was done in another tenant');
  const readings = await readAccounts(
    record.accounts.map(({ id }) => id),
    facts,
  );
  const accounts = readings.flatMap((one) => (one.state === 'found' ? [one.account] : []));
  if (accounts.length < readings.length || !accounts.every((account) => inScope(account, settings))) {
    return none('An account that it was done for is not there, in scope and readable; take it back by hand');
  }
  const doubt = doubtAbout(record.plan, accounts, directory);
  if (doubt !== null) return none(doubt);
  const policy = policyNow(record.plan, directory);
  if (policy === undefined) return none('The policy was not read, or is not there any more');
  const plan = undoPlanOf(record, policy);
  return plan === null
    ? none('Its record does not say what taking it back takes; take it back by hand')
    : { kind: 'plan', plan };
}

/** Why what was written may not be that of these accounts any more; null where it is, or never had to be. */
function doubtAbout(
  { action, target }: RemediationPlan,
  accounts: readonly StorageAccount[],
  directory: Directory,
): string | null {
  const calls = Object.entries(actionCalls).find(([name]) => name === action)?.[1];
  if (calls === undefined) return 'The action is not known here';
  if (!calls.forSoundApps) return null;
  const written = new Set<string>();
  for (const account of accounts) {
    const app = soundApp({ account, directory });
    if (app.kind !== 'sound') {
      const why = app.kind === 'none' ? app.why : app.task.why;
      return `The app of ${account.name} is not beyond doubt any more (${why}); take it back by hand`;
    }
    const grants = directory.grantsByClient(app.principal.id);
    for (const id of [app.application.id, app.principal.id, ...grants.map((grant) => grant.id)]) written.add(id);
  }
  const isOfApp = target.type !== 'conditionalAccessPolicy';
  return isOfApp && !written.has(target.id) ? 'What was written is not of the app that the account has now' : null;
}

/** null for what is no policy; undefined for one that is not there, or was read without its time of edit. */
function policyNow({ target }: RemediationPlan, directory: Directory): PolicyNow | null | undefined {
  if (target.type !== 'conditionalAccessPolicy') return null;
  const policies = itemsOf(directory.facts.conditionalAccessPolicies);
  return policies.find(({ id }) => id?.toLowerCase() === target.id.toLowerCase())?.asRead;
}

function none(why: string): UndoPlanned {
  return { kind: 'none', why };
}
