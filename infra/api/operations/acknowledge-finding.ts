import { z } from 'zod';
import { acknowledge } from '../../../domain/audit/acknowledge.ts';
import { afterChange, askedFinding, storeOfAsked } from '../asked-finding.ts';
import { operation } from '../operation.ts';
import { written } from '../written.ts';
import { AccountQuery, FindingAnswer, findingReply } from './finding-answer.ts';

export const acknowledgeFinding = operation({
  method: 'PUT',
  path: '/findings/{finding}/acknowledgement',
  role: 'Findings.Write',
  summary: 'Says that a finding is known; it holds until it gets worse or is gone',
  query: AccountQuery,
  body: z.strictObject({ note: written().meta({ description: 'What is known, and what happens next.' }) }),
  status: 200,
  answer: FindingAnswer,
  etag: 'change',
  problems: ['request', 'not-found', 'ambiguous', 'refused', 'conflict'],
  async handle({ path, query, body, caller, precondition }, ports) {
    const { findings, now } = ports;
    const asked = await askedFinding(path.finding, query.account, findings);
    const own = { findings: storeOfAsked(asked, precondition, findings), now };
    const { finding } = await acknowledge({ findingId: asked.finding.id, note: body.note, by: caller.actor }, own);
    return findingReply(await afterChange(finding, findings), ports);
  },
});
