import { type Gap, itemsOf } from '../model/collection.ts';
import { distinctGaps } from '../model/distinct-gaps.ts';
import { type EstateFacts, gapsIn } from '../model/facts.ts';
import type { Settings } from '../model/settings.ts';
import { holdsSmbShares, type StorageAccount } from '../model/storage-account.ts';
import { compareSeverity, type Outcome, type Verdict } from '../model/verdict.ts';
import { indexDirectory } from '../rules/directory.ts';
import { indexResources } from '../rules/resources.ts';
import { enabledRules, evaluateAccount, evaluateTenant } from '../rules/index.ts';
import type { AccountNames, Rule } from '../rules/rule.ts';
import { byCodeUnit } from '../rules/verdicts.ts';
import { inScope } from './evaluate.ts';
import { toldOf } from './told.ts';
import { neededBy } from './wanted.ts';

/** One rule's verdict on one account, or on one subject of the tenant. */
export interface AuditedRule {
  /** Account name / rule, or `-` / rule / subject. */
  readonly id: string;
  readonly rule: Rule;
  /** null for a rule about the tenant. */
  readonly account: StorageAccount | null;
  /** null for a rule about accounts. */
  readonly subject: string | null;
  readonly verdict: Verdict;
}

export interface AuditedEstate {
  /** Worst severity first, then id by code unit; passes and notes only when they were asked for. */
  readonly results: readonly AuditedRule[];
  readonly verdicts: Readonly<Record<Outcome, number>>;
  readonly accounts: { readonly seen: number; readonly inScope: number };
  /** How many of the accounts seen settings leave out (`scope.exclude`); none of them was judged. */
  readonly leftOut: number;
  /** Gaps in what the switched-on rules need, and those that verdicts name beyond them (another tenant's lists); sorted. */
  readonly gaps: readonly Gap[];
}

/**
 * Judges every account of an estate from facts alone; nothing is stored. The same facts give the same result in whatever
 * order they come.
 * @param all keeps passes, notes of severity info and not-applicable too.
 * @param accountNames whether a name is taken, where somebody asked.
 */
export function auditEstate(
  facts: EstateFacts,
  settings: Settings,
  now: number,
  all: boolean,
  accountNames: AccountNames = () => null,
): AuditedEstate {
  const directory = indexDirectory(facts.directory);
  const resources = indexResources(facts.resources, facts.fileServices);
  const seen = itemsOf(facts.storageAccounts);
  const selected = seen.filter((account) => inScope(account, settings));
  const verdicts: Record<Outcome, number> = { pass: 0, fail: 0, warn: 0, unknown: 0, 'not-applicable': 0 };
  const results: AuditedRule[] = [];
  const missed = new Set<Gap>();
  const count = (result: AuditedRule): void => {
    verdicts[result.verdict.outcome] += 1;
    for (const gap of result.verdict.gaps) missed.add(gap);
    if (all || isReported(result.verdict)) results.push(result);
  };
  for (const account of selected) {
    for (const { rule, verdict } of evaluateAccount({ account, directory, resources, settings, now })) {
      count({ id: `${account.name}/${rule.id}`, rule, account, subject: null, verdict });
    }
  }
  const { storageAccounts } = facts;
  for (const judged of evaluateTenant({ directory, storageAccounts, accountNames, settings, now })) {
    for (const { subject, verdict } of toldOf(judged, facts.directory.tenantId)) {
      count({ id: `-/${judged.rule.id}/${subject}`, rule: judged.rule, account: null, subject, verdict });
    }
  }
  return {
    results: results.sort(worstFirst),
    verdicts,
    accounts: {
      seen: seen.length,
      inScope: selected.filter((account) => holdsSmbShares(account.kind) !== 'no').length,
    },
    leftOut: seen.length - selected.length,
    gaps: distinctGaps([...gapsIn(facts, neededBy(enabledRules(settings))), ...missed]),
  };
}

/** Whether a verdict is listed without being asked for: a fault, or something that could not be judged. */
export function isReported({ outcome, severity }: Verdict): boolean {
  return outcome === 'fail' || outcome === 'unknown' || (outcome === 'warn' && severity !== 'info');
}

const outcomeOrder: readonly Outcome[] = ['fail', 'unknown', 'warn', 'pass', 'not-applicable'];

function worstFirst(a: AuditedRule, b: AuditedRule): number {
  return (
    Number(!isReported(a.verdict)) - Number(!isReported(b.verdict)) ||
    compareSeverity(a.verdict.severity, b.verdict.severity) ||
    byCodeUnit(a.id, b.id) ||
    byCodeUnit(a.account?.key ?? '', b.account?.key ?? '') ||
    outcomeOrder.indexOf(a.verdict.outcome) - outcomeOrder.indexOf(b.verdict.outcome)
  );
}
