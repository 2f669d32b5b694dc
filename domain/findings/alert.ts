import type { Severity } from '../model/verdict.ts';
import type { Actor, Finding, Transition } from './finding.ts';
import { placeOf } from './place.ts';

/** What a channel is told (contracts.md, Alert). `at` is epoch milliseconds, UTC. */
export interface Alert {
  /** Finding and transition number, or `run/<id>` for a summary: the same alert has the same id however often it is sent. */
  readonly id: string;
  readonly findingIds: readonly string[];
  readonly transition: 'opened' | 'reopened' | 'worse' | 'resolved' | 'summary';
  readonly rule: string | null;
  readonly severity: Severity;
  readonly title: string;
  /** Empty for what concerns the tenant. */
  readonly accounts: readonly { readonly id: string; readonly name: string }[];
  readonly actor: Actor | null;
  readonly at: number;
  /** Page that explains the rule, relative to the documentation's root. */
  readonly link: string;
}

/** The alert that a transition calls for; null for one that concerns nobody (better, other deciding objects, gone, info). */
export function alertOf(finding: Finding, transition: Transition): Alert | null {
  const { kind } = transition;
  if (kind === 'changed' || kind === 'gone' || finding.severity === 'info') return null;
  return {
    id: `${placeOf(finding).key}/${finding.rule}#${String(transition.number)}`,
    findingIds: [finding.id],
    transition: kind,
    rule: finding.rule,
    severity: finding.severity,
    title: kind === 'resolved' ? `Resolved: ${finding.title}` : finding.title,
    accounts: finding.account === null ? [] : [{ id: finding.account.id, name: finding.account.name }],
    actor: transition.cause.actor,
    at: transition.at,
    link: `docs/rules/${finding.rule}.md`,
  };
}
