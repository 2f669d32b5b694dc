import { z } from 'zod';
import { readHistory } from '../../../domain/audit/read-history.ts';
import { placeOf } from '../../../domain/findings/place.ts';
import { namedDocuments } from '../../documents/common.ts';
import { EntryDocument, entryDocument, toldTimeline } from '../../documents/timeline-document.ts';
import { askedFinding } from '../asked-finding.ts';
import { operation, type Reply } from '../operation.ts';
import { AccountQuery } from './finding-answer.ts';

const Answer = z
  .object({
    schema: z.literal('kerbwatch.finding-history/v1'),
    finding: z.string(),
    entries: z.array(EntryDocument).readonly().meta({ description: 'Oldest first.' }),
  })
  .register(namedDocuments, { id: 'FindingHistory' });
type Answer = z.infer<typeof Answer>;

export const getFindingHistory = operation({
  method: 'GET',
  path: '/findings/{finding}/history',
  role: 'Findings.Read',
  summary: 'What happened to a finding, and who did it, as far as is kept',
  query: AccountQuery,
  body: null,
  status: 200,
  answer: Answer,
  etag: null,
  problems: ['request', 'not-found', 'ambiguous'],
  async handle({ path, query }, ports): Promise<Reply<Answer>> {
    const { finding } = await askedFinding(path.finding, query.account, ports.findings);
    const { entries } = await readHistory(placeOf(finding), ports);
    const transitions = entries.transitions.filter(({ rule }) => rule === finding.rule);
    // Changes of facts tell who is behind a transition, and are the account's history, not the finding's.
    const told = toldTimeline({ ...entries, transitions }).filter((entry) => entry.finding !== null);
    return {
      document: {
        schema: 'kerbwatch.finding-history/v1',
        finding: finding.id,
        entries: told.map(entryDocument),
      },
    };
  },
});
