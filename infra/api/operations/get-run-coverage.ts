import { operation } from '../operation.ts';
import { askedRun } from './asked-run.ts';
import { CoverageAnswer, coverageReply } from './coverage-answer.ts';
import { NoQuery } from './no-query.ts';

export const getRunCoverage = operation({
  method: 'GET',
  path: '/runs/{run}/coverage',
  role: 'Findings.Read',
  summary: 'What one audit read, and what it could not',
  query: NoQuery,
  body: null,
  status: 200,
  answer: CoverageAnswer,
  etag: null,
  problems: ['request', 'not-found'],
  async handle({ path }, { runs }) {
    return coverageReply(await askedRun(path.run, runs), runs);
  },
});
