import { FindingFromNewerVersion } from '../domain/audit/change-finding.ts';
import { namedFindings } from '../domain/audit/named-findings.ts';
import type { FindingStore } from '../domain/audit/ports.ts';
import type { Finding } from '../domain/findings/finding.ts';
import { isFindingState } from '../domain/findings/lifecycle.ts';
import { nearest } from '../infra/nearest.ts';
import { UsageError } from './exit-code.ts';

/** As many findings as an error names. */
const mostNamed = 8;

/**
 * The finding that was typed: `account/rule`, `-/rule/subject`, or the account's ARM id, `/` and the rule. An account that is
 * gone stands back for one of the same name that is there.
 * @throws UsageError where there is none, with the nearest, and where it could be several, with how to tell them apart
 */
export async function findFinding(
  typed: string,
  store: Pick<FindingStore, 'find' | 'read' | 'list'>,
): Promise<Finding> {
  if (typed.trim() === '') {
    throw new UsageError(
      'Which finding? Give its id, as kerbwatch findings list shows it: the account, / and the rule.',
    );
  }
  const meant = (await namedFindings(typed, store)).map(({ finding }) => finding);
  const [first, second] = meant;
  if (first === undefined) throw new UsageError(await unknown(typed.trim(), store));
  if (second === undefined) return first;
  const each = meant.map(({ account, rule, state }) => `  ${account?.id ?? '-'}/${rule} (${state})`).sort();
  throw new UsageError(
    [`${typed} could be ${String(meant.length)} findings; give the one you mean with its ARM id:`, ...each].join('\n'),
  );
}

/**
 * The finding as `findFinding`, for somebody who wants to change it.
 * @throws FindingFromNewerVersion, and what `findFinding` throws
 */
export async function findToChange(typed: string, store: FindingStore): Promise<Finding> {
  const finding = await findFinding(typed, store);
  if (!isFindingState(finding.state)) throw new FindingFromNewerVersion(finding);
  return finding;
}

async function unknown(typed: string, store: Pick<FindingStore, 'list'>): Promise<string> {
  const ids: string[] = [];
  for await (const { id } of store.list()) ids.push(id);
  const list = 'kerbwatch findings list --state all shows those there are.';
  if (ids.length === 0) return `There is no finding ${typed}: the store holds none yet.`;
  const ofAccount = ids.filter((id) => id.toLowerCase().startsWith(`${typed.toLowerCase()}/`)).sort();
  if (ofAccount.length > 0) {
    const named = ofAccount.slice(0, mostNamed).map((id) => `\n  ${id}`);
    return `${typed} names no finding alone; those of it are:${named.join('')}${ofAccount.length > mostNamed ? '\n  …' : ''}`;
  }
  const meant = nearest(typed, ids);
  return `There is no finding ${typed}.${meant === null ? '' : ` Did you mean ${meant}?`} ${list}`;
}
