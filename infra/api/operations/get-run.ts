import { wholeRun } from '../../../domain/audit/whole-run.ts';
import { WholeRunDocument, wholeRunDocument } from '../../documents/run-document.ts';
import { operation } from '../operation.ts';
import { askedRun } from './asked-run.ts';
import { NoQuery } from './no-query.ts';

export const getRun = operation({
  method: 'GET',
  path: '/runs/{run}',
  role: 'Findings.Read',
  summary: 'One audit by its id, or latest: its counts, what could not be read, coverage and latency',
  query: NoQuery,
  body: null,
  status: 200,
  answer: WholeRunDocument,
  etag: null,
  problems: ['request', 'not-found'],
  async handle({ path }, ports) {
    return { document: wholeRunDocument(await wholeRun(await askedRun(path.run, ports.runs), ports)) };
  },
});
