import { runsBack } from '../../../domain/audit/whole-run.ts';
import { operation } from '../operation.ts';
import { refused } from '../refusals.ts';
import { CoverageAnswer, coverageReply } from './coverage-answer.ts';
import { NoQuery } from './no-query.ts';

export const getCoverage = operation({
  method: 'GET',
  path: '/coverage',
  role: 'Findings.Read',
  summary: 'What the last finished audit read, and what it could not',
  query: NoQuery,
  body: null,
  status: 200,
  answer: CoverageAnswer,
  etag: null,
  problems: ['request', 'not-found'],
  async handle(_asked, { runs }) {
    const finished = (await runs.latest(runsBack)).find(({ finishedAt }) => finishedAt !== null);
    if (finished === undefined) throw refused('not-found', 'No audit has finished yet.');
    return coverageReply(finished, runs);
  },
});
