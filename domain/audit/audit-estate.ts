import { type CollectionName, type Gap, gapsOf, itemsOf } from '../model/collection.ts';
import type { EstateFacts } from '../model/facts.ts';
import type { Settings } from '../model/settings.ts';
import { holdsSmbShares, type StorageAccount } from '../model/storage-account.ts';
import { compareSeverity, type Outcome, type Verdict } from '../model/verdict.ts';
import { indexDirectory } from '../rules/directory.ts';
import { enabledRules, evaluateAccount } from '../rules/index.ts';
import type { Rule } from '../rules/rule.ts';
import { inScope } from './evaluate.ts';

/** One rule's verdict on one account. */
export interface AuditedRule {
  /** Account name / rule. */
  readonly id: string;
  readonly rule: Rule;
  readonly account: StorageAccount;
  readonly verdict: Verdict;
}

export interface AuditedEstate {
  /** Worst severity first, then id by code unit; passes and notes only when they were asked for. */
  readonly results: readonly AuditedRule[];
  readonly verdicts: Readonly<Record<Outcome, number>>;
  readonly accounts: { readonly seen: number; readonly inScope: number };
  /** Gaps in what the switched-on rules need, and those that verdicts name beyond them (another tenant's lists); sorted. */
  readonly gaps: readonly Gap[];
}

/**
 * Judges every account of an estate from facts alone; nothing is stored. The same facts give the same result in whatever
 * order they come.
 * @param all keeps passes, notes of severity info and not-applicable too.
 */
export function auditEstate(facts: EstateFacts, settings: Settings, now: number, all: boolean): AuditedEstate {
  const directory = indexDirectory(facts.directory);
  const seen = itemsOf(facts.storageAccounts);
  const selected = seen.filter((account) => inScope(account, settings));
  const verdicts: Record<Outcome, number> = { pass: 0, fail: 0, warn: 0, unknown: 0, 'not-applicable': 0 };
  const results: AuditedRule[] = [];
  const missed = new Set<Gap>();
  for (const account of selected) {
    for (const { rule, verdict } of evaluateAccount({ account, directory, settings, now })) {
      verdicts[verdict.outcome] += 1;
      for (const gap of verdict.gaps) missed.add(gap);
      if (all || isReported(verdict)) results.push({ id: `${account.name}/${rule.id}`, rule, account, verdict });
    }
  }
  return {
    results: results.sort(worstFirst),
    verdicts,
    accounts: {
      seen: seen.length,
      inScope: selected.filter((account) => holdsSmbShares(account.kind) !== 'no').length,
    },
    gaps: sortedGaps([...gapsOfNeeded(facts, settings), ...missed]),
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
    byCodeUnit(a.account.key, b.account.key) ||
    outcomeOrder.indexOf(a.verdict.outcome) - outcomeOrder.indexOf(b.verdict.outcome)
  );
}

function gapsOfNeeded(facts: EstateFacts, settings: Settings): readonly Gap[] {
  const needed = new Set(enabledRules(settings).flatMap(({ needs }) => needs));
  const read: Partial<Record<CollectionName, readonly Gap[]>> = {
    'storage-accounts': gapsOf(facts.storageAccounts),
    applications: gapsOf(facts.directory.applications),
    'service-principals': gapsOf(facts.directory.servicePrincipals),
    'oauth2-permission-grants': gapsOf(facts.directory.oauth2PermissionGrants),
    'conditional-access-policies': gapsOf(facts.directory.conditionalAccessPolicies),
  };
  return [...needed].flatMap((name) => [...(read[name] ?? [])]);
}

/** Each gap once, by collection, scope and reason. */
function sortedGaps(gaps: readonly Gap[]): Gap[] {
  const byText = new Map(
    gaps.map((gap) => [JSON.stringify([gap.collection, gap.scope, gap.reason, gap.needs]), gap] as const),
  );
  return [...byText].sort(([a], [b]) => byCodeUnit(a, b)).map(([, gap]) => gap);
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
