import { z } from 'zod';
import { lastSeen } from '../../../domain/audit/last-seen.ts';
import type { Finding } from '../../../domain/findings/finding.ts';
import { fits, isAskedState } from '../../../domain/findings/filter.ts';
import { states } from '../../../domain/findings/lifecycle.ts';
import { severities } from '../../../domain/model/verdict.ts';
import { rules } from '../../../domain/rules/index.ts';
import { namedDocuments } from '../../documents/common.ts';
import { FindingDocument, findingDocument } from '../../documents/finding-document.ts';
import { operation, type Reply } from '../operation.ts';
import { pagePosition, pageToken } from '../page-tokens.ts';
import { countTo, guid, saidOfWord, text, word, words } from '../query-values.ts';

/** So many findings a request looks at: what is left is for the next page, so that no filter makes a request long. */
const mostScanned = 500;

const ruleIds = rules.map(({ id }) => id);

const Query = z.strictObject({
  state: words([...states, 'all'])
    .optional()
    .meta({ description: `${states.join(', ')} (comma list), or all; those whose fault is there where left out.` }),
  severity: word(severities).optional().meta({ description: 'At or above.' }),
  rule: z
    .string()
    .refine((id) => ruleIds.includes(id), { error: ({ input }) => saidOfWord(input, ruleIds) })
    .optional()
    .meta({ description: 'Id of a rule.' }),
  subscription: guid('a subscription id').optional().meta({ description: 'Subscription id.' }),
  account: text(/^[\dA-Za-z*]{1,40}$/u, 'the name of a storage account (* is a wildcard)')
    .optional()
    .meta({ description: 'Name of an account; * is a wildcard.' }),
  text: text(/^[^\p{Cc}]{1,200}$/u, 'a text of 1 to 200 characters')
    .optional()
    .meta({ description: 'Somewhere in id, title or evidence; case is ignored.' }),
  limit: countTo(200, 50).meta({ description: 'Findings on a page, at most.' }),
  page: z.string().max(1000).optional().meta({ description: 'next of the page before.' }),
});

const Answer = z
  .object({
    schema: z.literal('kerbwatch.findings-page/v1'),
    findings: z.array(FindingDocument).readonly(),
    next: z.string().nullable().meta({ description: 'Of the page after this one; null on the last.' }),
  })
  .register(namedDocuments, { id: 'FindingsPage' });
type Answer = z.infer<typeof Answer>;

export const listFindings = operation({
  method: 'GET',
  path: '/findings',
  role: 'Findings.Read',
  summary: 'Lists findings, in the order of the store; a page may hold fewer than asked, or none, and not be the last',
  query: Query,
  body: null,
  status: 200,
  answer: Answer,
  etag: null,
  problems: ['request', 'page-token'],
  async handle({ query: { limit, page, ...filter } }, ports): Promise<Reply<Answer>> {
    const { findings, pageKey } = ports;
    const key = await pageKey();
    const after = page === undefined ? null : pagePosition(page, filter, key);
    const { findings: scanned, isLast } = await findings.page(after, mostScanned);
    const fitting = scanned.filter(({ finding }) => isAsked(finding, filter));
    // Beyond the limit the page ends at the last that it shows, else at the last that was looked at.
    const end = fitting.length > limit ? fitting[limit - 1] : isLast ? undefined : scanned.at(-1);
    const seenAt = lastSeen(ports);
    const shown = fitting.slice(0, limit).map(async ({ finding }) => findingDocument(finding, await seenAt(finding)));
    return {
      document: {
        schema: 'kerbwatch.findings-page/v1',
        findings: await Promise.all(shown),
        next: end === undefined ? null : pageToken(end.position, filter, key),
      },
    };
  },
});

function isAsked(finding: Finding, { state, ...filter }: Omit<z.output<typeof Query>, 'limit' | 'page'>): boolean {
  const named = state?.filter((each) => each !== 'all');
  const asked = named?.length === state?.length ? named : 'all';
  return isAskedState(finding.state, asked) && fits(finding, filter);
}
