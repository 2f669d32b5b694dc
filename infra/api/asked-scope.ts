import { namedAccounts } from '../../domain/audit/named-accounts.ts';
import { namedFindings, onlyThis } from '../../domain/audit/named-findings.ts';
import { scopeOfFinding } from '../../domain/audit/waive.ts';
import type { WaiverScope } from '../../domain/findings/waiver.ts';
import { onlyOne } from './asked-finding.ts';
import type { ApiPorts } from './ports.ts';
import { refused } from './refusals.ts';
import { shown } from './said-of-issue.ts';

/** What a waiver is to be about, as a body gives it. */
export interface AskedScope {
  readonly finding?: string | undefined;
  readonly account?: string | undefined;
  readonly rule?: string | undefined;
  readonly subscription?: string | undefined;
  readonly tag?: { readonly name: string; readonly value: string } | undefined;
  readonly onlyRule?: string | undefined;
}

/**
 * The scope that is asked: exactly one of the things that a waiver can be about, narrowed by `onlyRule` or not. Whether a
 * rule is known, and a tag whole, `waive` looks.
 * @throws RequestRefused, FindingRefuses for a finding without a fault, FindingFromNewerVersion
 */
export async function askedScope(asked: AskedScope, ports: ApiPorts): Promise<WaiverScope> {
  const { finding, account, rule, subscription, tag, onlyRule } = asked;
  const given = [finding, account, rule, subscription, tag].filter((each) => each !== undefined);
  if (given.length !== 1) {
    throw refused('request', 'A waiver is about one thing: give one of finding, account, rule, subscription and tag.');
  }
  if (onlyRule !== undefined && (finding !== undefined || rule !== undefined)) {
    throw refused('request', 'onlyRule narrows account, subscription and tag; a finding and rule name one already.');
  }
  const narrowed = { rule: onlyRule ?? null };
  if (finding !== undefined) return scopeOf(finding, ports);
  if (account !== undefined) return { kind: 'account', accountKey: await accountKeyOf(account, ports), ...narrowed };
  if (tag !== undefined) return { kind: 'tag', ...tag, ...narrowed };
  if (rule !== undefined) return { kind: 'rule', rule };
  return { kind: 'subscription', subscriptionId: (subscription ?? '').toLowerCase(), ...narrowed };
}

async function scopeOf(id: string, { findings }: ApiPorts): Promise<WaiverScope> {
  const meant = await namedFindings(id, findings);
  const { finding } = onlyOne(id, meant, 'request', "give the account's ARM id, / and the rule as finding");
  return scopeOfFinding(finding.id, onlyThis(finding, findings));
}

async function accountKeyOf(typed: string, ports: ApiPorts): Promise<string> {
  const { meant } = await namedAccounts(typed, ports);
  const [first, second] = meant;
  if (first === undefined) throw refused('request', `The store knows no account ${shown(typed, 300)}.`);
  if (second === undefined) return first.key;
  throw refused('ambiguous', 'Several accounts have that name: give the ARM id of one as account.', {
    members: { candidates: meant.map(({ id }) => ({ account: id })).sort((a, b) => (a.account < b.account ? -1 : 1)) },
  });
}
