import { askedFinding } from '../asked-finding.ts';
import { operation } from '../operation.ts';
import { AccountQuery, FindingAnswer, findingReply } from './finding-answer.ts';

export const getFinding = operation({
  method: 'GET',
  path: '/findings/{finding}',
  role: 'Findings.Read',
  summary: 'One finding; its id with ~ for /',
  query: AccountQuery,
  body: null,
  status: 200,
  answer: FindingAnswer,
  etag: 'read',
  problems: ['request', 'not-found', 'ambiguous'],
  async handle({ path, query }, ports) {
    return findingReply(await askedFinding(path.finding, query.account, ports.findings), ports);
  },
});
