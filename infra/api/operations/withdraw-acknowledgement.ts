import { unacknowledge } from '../../../domain/audit/acknowledge.ts';
import { afterChange, askedFinding, storeOfAsked } from '../asked-finding.ts';
import { operation } from '../operation.ts';
import { AccountQuery, FindingAnswer, findingReply } from './finding-answer.ts';

export const withdrawAcknowledgement = operation({
  method: 'DELETE',
  path: '/findings/{finding}/acknowledgement',
  role: 'Findings.Write',
  summary: 'Takes an acknowledgement back; the finding is open again',
  query: AccountQuery,
  body: null,
  status: 200,
  answer: FindingAnswer,
  etag: 'change',
  problems: ['request', 'not-found', 'ambiguous', 'refused', 'conflict'],
  async handle({ path, query, caller, precondition }, ports) {
    const { findings, now } = ports;
    const asked = await askedFinding(path.finding, query.account, findings);
    const own = { findings: storeOfAsked(asked, precondition, findings), now };
    const { finding } = await unacknowledge({ findingId: asked.finding.id, by: caller.actor }, own);
    return findingReply(await afterChange(finding, findings), ports);
  },
});
