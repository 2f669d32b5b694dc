import { onlyThis } from '../domain/audit/named-findings.ts';
import { scopeOfFinding } from '../domain/audit/waive.ts';
import type { WaiverScope } from '../domain/findings/waiver.ts';
import { rules } from '../domain/rules/index.ts';
import { nearest } from '../infra/nearest.ts';
import type { Store } from '../infra/store.ts';
import { UsageError } from './exit-code.ts';
import { findAccount } from './find-account.ts';
import { findToChange } from './find-finding.ts';
import { subscriptionId } from './subscription-id.ts';

/** What a waiver is about, as it was typed. */
export interface TypedScope {
  readonly finding?: string | undefined;
  readonly account?: string | undefined;
  readonly rule?: string | undefined;
  readonly subscription?: string | undefined;
  /** `NAME=VALUE` */
  readonly tag?: string | undefined;
  readonly onlyRule?: string | undefined;
}

const kinds = 'a finding, --account, --rule, --subscription or --tag';

/**
 * The scope that was typed: exactly one of the things that a waiver can be about, narrowed by `--only-rule` or not.
 * @throws UsageError, FindingRefuses for a finding without a fault, FindingFromNewerVersion
 */
export async function waiverScope(typed: TypedScope, store: Store): Promise<WaiverScope> {
  const { finding, account, subscription, tag } = typed;
  const given = [finding, account, typed.rule, subscription, tag].filter((each) => each !== undefined);
  if (given.length === 0) throw new UsageError(`What is waived? Give ${kinds}.`);
  if (given.length > 1) {
    throw new UsageError(
      `A waiver is about one thing: ${kinds}. A rule of an account, a subscription or a tag: --only-rule.`,
    );
  }
  const rule = typed.onlyRule === undefined ? null : knownRule('--only-rule', typed.onlyRule);
  if (rule !== null && (finding !== undefined || typed.rule !== undefined)) {
    throw new UsageError(
      '--only-rule narrows --account, --subscription and --tag; a finding and --rule name one already.',
    );
  }
  if (finding !== undefined) {
    const found = await findToChange(finding, store.findings);
    return scopeOfFinding(found.id, onlyThis(found, store.findings));
  }
  if (typed.rule !== undefined) return { kind: 'rule', rule: knownRule('--rule', typed.rule) };
  if (account !== undefined) return { kind: 'account', accountKey: (await findAccount(account, store)).key, rule };
  if (tag !== undefined) return { kind: 'tag', ...tagOf(tag), rule };
  return { kind: 'subscription', subscriptionId: subscriptionId(subscription ?? ''), rule };
}

function knownRule(option: string, typed: string): string {
  const ids = rules.map(({ id }) => id);
  const id = typed.trim().toLowerCase();
  if (ids.includes(id)) return id;
  const meant = nearest(id, ids);
  throw new UsageError(`${option} ${typed}: there is no such rule.${meant === null ? '' : ` Did you mean ${meant}?`}`);
}

/** A tag and its value, from `NAME=VALUE`. @throws UsageError */
export function tagOf(typed: string): { readonly name: string; readonly value: string } {
  const at = typed.indexOf('=');
  const [name, value] = [typed.slice(0, Math.max(at, 0)).trim(), typed.slice(at + 1).trim()];
  if (name === '' || value === '') throw new UsageError(`--tag ${typed}: give a tag and its value, as in env=test.`);
  return { name, value };
}
