import { askedWaiver } from '../asked-waiver.ts';
import { operation } from '../operation.ts';
import { NoQuery } from './no-query.ts';
import { WaiverAnswer, waiverReply } from './waiver-answer.ts';

export const getWaiver = operation({
  method: 'GET',
  path: '/waivers/{waiver}',
  role: 'Findings.Read',
  summary: 'One waiver, kept when it is over',
  query: NoQuery,
  body: null,
  status: 200,
  answer: WaiverAnswer,
  etag: 'read',
  problems: ['request', 'not-found'],
  async handle({ path }, { waivers }) {
    return waiverReply(await askedWaiver(path.waiver, waivers));
  },
});
