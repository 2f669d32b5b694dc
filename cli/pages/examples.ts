import { auditEstate } from '../../domain/audit/audit-estate.ts';
import type { Verdict } from '../../domain/model/verdict.ts';
import { readEstateFacts } from '../../infra/facts.ts';
import { generateSampleTenant } from '../../infra/local/sample-tenant/generate.ts';
import { defaultSettings } from '../../infra/settings/parse-settings.ts';
import { openSnapshot } from '../../infra/snapshot/open-snapshot.ts';

/** What a rule says of the sample tenant. */
export interface Example {
  /** Id of the finding. */
  readonly id: string;
  readonly verdict: Verdict;
}

/** When the sample tenant of the examples was looked at; fixed, so that the same code writes the same pages. */
const lookedAt = new Date('2026-11-21T10:00:00Z');

/** The worst decided finding of each rule in the sample tenant, by rule id; a rule that finds nothing there has none. */
export async function examples(): Promise<ReadonlyMap<string, Example>> {
  const sample = generateSampleTenant({ now: lookedAt });
  const source = await openSnapshot({
    where: 'the sample tenant',
    list: async () => [...sample.keys()],
    readText: async (name) => {
      const text = sample.get(name);
      return text === undefined ? null : linesOf(text);
    },
    write: refused,
    remove: refused,
  });
  const { results } = auditEstate(await readEstateFacts(source), defaultSettings(), lookedAt.getTime(), false);
  const found = new Map<string, Example>();
  for (const { id, rule, verdict } of results) {
    if (verdict.outcome !== 'unknown' && !found.has(rule.id)) found.set(rule.id, { id, verdict });
  }
  return found;
}

async function* linesOf(text: string): AsyncGenerator<string> {
  yield* text.split('\n').filter((line) => line !== '');
}

async function refused(name: string): Promise<never> {
  throw new TypeError(`The sample tenant is only read; ${name} cannot be written`);
}
