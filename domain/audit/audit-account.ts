import { watchedFacts } from '../drift/watched-facts.ts';
import type { Cause, Transition } from '../findings/finding.ts';
import type { Observation } from '../findings/reduce.ts';
import type { Gap } from '../model/collection.ts';
import { gapsIn } from '../model/facts.ts';
import { isPassingGap } from '../model/passing-gap.ts';
import type { Settings } from '../model/settings.ts';
import { alongside } from '../remediation/alongside.ts';
import { type JobRequest, remediationJobFor } from '../remediation/job-for-finding.ts';
import type { Digest } from '../remediation/job.ts';
import { planFor } from '../remediation/plan-for.ts';
import { indexDirectory } from '../rules/directory.ts';
import { enabledRules } from '../rules/index.ts';
import { indexResources } from '../rules/resources.ts';
import { accountReading } from './account-reading.ts';
import { storedWaivers } from './apply-waiver.ts';
import { inScope, observe } from './evaluate.ts';
import { keepLinks, type KeepLinksPorts } from './keep-links.ts';
import { markPolicies, type MarkPoliciesPorts } from './mark-policies.ts';
import type { AccountReads, FindingStore, FreshFacts, RunStore, WaiverStore } from './ports.ts';
import { recordFacts, type RecordFactsPorts } from './record-facts.ts';
import { reconcile } from './reconcile.ts';
import type { Repairs } from './repair-jobs.ts';
import { neededBy, wantedBy } from './wanted.ts';

export interface AuditAccountPorts extends RecordFactsPorts, KeepLinksPorts, MarkPoliciesPorts {
  readonly facts: FreshFacts;
  readonly findings: FindingStore;
  readonly jobs: Repairs['jobs'];
  readonly records: Repairs['records'];
  readonly accountReads: AccountReads;
  readonly runs: RunStore;
  readonly waivers: Pick<WaiverStore, 'all'>;
  readonly now: () => number;
  readonly digest: Digest;
}

/** Something an account's audit rests on could not be read, for a reason that passes: try again later. */
export class AccountUnreadable extends Error {
  override readonly name = 'AccountUnreadable';
  readonly gap: Gap;
  constructor(accountId: string, gap: Gap) {
    super(
      `${gap.collection} could not be read for the audit of ${accountId} (${gap.reason}); what rests on it stays as it was`,
    );
    this.gap = gap;
  }
}

/**
 * A younger reading was announced that has not judged the account since this one began: it is at it still, or broke off, or
 * ended before on an instance whose clock is ahead, as an earlier delivery of the same work may have. Try again later.
 */
export class AccountOvertaken extends Error {
  override readonly name = 'AccountOvertaken';
  constructor(accountId: string) {
    super(`A reading of ${accountId} that bears a later time has not judged it since; this one looks again later`);
  }
}

export interface AccountAudited {
  readonly subscriptionId: string;
  /** *superseded*: somebody read the account later and has judged it; nothing was written. */
  readonly outcome: 'judged' | 'absent' | 'out-of-scope' | 'unreadable' | 'superseded';
  readonly transitions: readonly Transition[];
}

/**
 * Reads one account through ARM, which is fresher than Resource Graph, and what all accounts share, and reconciles. A 404
 * closes the account's findings as gone; any other failure changes nothing. Rules about the tenant wait for the night.
 *
 * Of two audits at once the younger reading counts, whichever ends first: each is announced before it reads the store, and
 * asks before it writes whether a younger one was. One that was announced while this one wrote may have found the store as it
 * was before, so that this one looks again.
 * @param accountId ARM id, any case.
 * @throws AccountUnreadable, AccountOvertaken when trying again may help.
 */
export async function auditAccount(
  accountId: string,
  cause: Cause,
  settings: Settings,
  ports: AuditAccountPorts,
): Promise<AccountAudited> {
  const factsReadAt = ports.now();
  const accountKey = accountId.toLowerCase();
  const subscriptionId = subscriptionOf(accountKey);
  const judgedBefore = await ports.accountReads.last(subscriptionId, accountKey);
  const own = accountReading(subscriptionId, accountKey, factsReadAt, judgedBefore, ports);
  const reading = await ports.facts.account(accountId);
  switch (reading.state) {
    case 'unreadable':
      if (isPassingGap(reading.gap)) throw new AccountUnreadable(accountId, reading.gap);
      return { subscriptionId, outcome: 'unreadable', transitions: [] };
    case 'absent': {
      await own.announce();
      if (await own.isSuperseded()) return superseded();
      const transitions = await settle([{ kind: 'account-absent' }], null, true);
      if (transitions === null) return superseded();
      await ports.accountLinks.remove(subscriptionId, accountKey, ports.now());
      return ended({ subscriptionId, outcome: 'absent', transitions }, transitions.length > 0);
    }
    case 'found': {
      const { account, fileServices } = reading;
      if (!inScope(account, settings)) return { subscriptionId, outcome: 'out-of-scope', transitions: [] };
      const shared = await ports.facts.shared();
      const directory = indexDirectory(shared.directory);
      const resources = indexResources(shared.resources, fileServices);
      const now = ports.now();
      await own.announce();
      if (await own.isSuperseded()) return superseded();
      // Before anything is judged: what is removed meanwhile has to lead the watch here.
      await keepLinks(subscriptionId, [account], directory, { readAt: factsReadAt, now }, ports);
      await markPolicies(accountId, directory.facts.conditionalAccessPolicies, ports);
      const mended = { account, directory, resources, settings, now, correlationId: cause.id, digest: ports.digest };
      const rules = enabledRules(settings);
      const facts = { ...shared, fileServices };
      const gap = gapsIn(facts, wantedBy(rules)).find(isPassingGap);
      const hidden = gapsIn(facts, neededBy(rules)).some(({ scope }) => concerns(scope, accountKey));
      const transitions = await settle(
        observe(account, directory, resources, settings, now),
        mended,
        gap === undefined && !hidden,
      );
      if (transitions === null) return superseded();
      const seen = watchedFacts(account, directory, resources);
      const changes = await recordFacts(
        { subscriptionId, accounts: [{ accountKey, seen }], factsReadAt, cause },
        ports,
      );
      // What could be decided is kept; a throttled or unreachable list is asked for again.
      if (gap !== undefined) throw new AccountUnreadable(accountId, gap);
      return ended({ subscriptionId, outcome: 'judged', transitions }, transitions.length + changes.length > 0);
    }
  }

  async function superseded(): Promise<AccountAudited> {
    // What a job came to is judged by its verification alone, until long after it.
    if (cause.kind === 'verification' || !(await own.isJudgedByYounger())) throw new AccountOvertaken(accountId);
    return { subscriptionId, outcome: 'superseded', transitions: [] };
  }

  async function ended(audited: AccountAudited, wrote: boolean): Promise<AccountAudited> {
    if (!wrote || !(await own.isSuperseded())) return audited;
    const again = await auditAccount(accountId, cause, settings, ports);
    return { ...again, transitions: [...audited.transitions, ...again.transitions] };
  }

  /** @returns null where a younger reading was announced before anything was written. */
  async function settle(
    observations: readonly Observation[],
    mended: Omit<JobRequest, 'finding' | 'attempt'> | null,
    whole: boolean,
  ): Promise<readonly Transition[] | null> {
    const overtaken = new Set<string>();
    const baseline = !(await ports.runs.baselined()).has(subscriptionId);
    const { transitions } = await reconcile(
      {
        partition: subscriptionId,
        observed: { kind: 'accounts', accounts: [{ accountKey, observations }] },
        context: { now: ports.now(), factsReadAt, cause },
        waivers: () => storedWaivers(ports.waivers, () => (reading.state === 'found' ? reading.account.tags : null)),
        baseline,
        superseded: async () => {
          if (await own.isSuperseded()) overtaken.add(accountKey);
          return overtaken;
        },
        repairs:
          mended === null
            ? null
            : {
                jobFor: (finding, attempt) => remediationJobFor({ ...mended, finding, attempt }),
                jobs: ports.jobs,
                records: ports.records,
              },
        alongside: (finding) =>
          mended === null ? [] : alongside({ ...mended, finding, planned: planFor(finding.rule, mended) }),
      },
      ports.findings,
    );
    if (overtaken.size > 0 && transitions.length === 0) return null;
    // What was judged with a gap leaves the word to a run that reads more, though earlier.
    if (whole) await ports.accountReads.record(subscriptionId, accountKey, factsReadAt);
    return transitions;
  }
}

/** The subscription of an ARM id in lower case; empty for an id that has none. */
function subscriptionOf(accountKey: string): string {
  return /^\/subscriptions\/([^/]+)\//.exec(accountKey)?.[1] ?? '';
}

/** Whether a gap over that scope may hide what is the account's own; what another subscription hides, it hides from a run too. */
function concerns(scope: string, accountKey: string): boolean {
  return !scope.startsWith('/') || `${accountKey}/`.startsWith(`${scope}/`);
}
