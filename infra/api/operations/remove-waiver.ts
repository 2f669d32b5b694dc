import { unwaive } from '../../../domain/audit/waive.ts';
import { askedWaiver, waiversUnder } from '../asked-waiver.ts';
import { operation } from '../operation.ts';
import { NoQuery } from './no-query.ts';
import { ChangedWaiverAnswer, changedWaiverReply } from './waiver-answer.ts';

export const removeWaiver = operation({
  method: 'DELETE',
  path: '/waivers/{waiver}',
  role: 'Findings.Write',
  summary: 'Takes a waiver back; what it covered is open again, unless another waiver covers it',
  query: NoQuery,
  body: null,
  status: 200,
  answer: ChangedWaiverAnswer,
  etag: 'change',
  problems: ['request', 'not-found', 'refused', 'conflict'],
  async handle({ path, caller, precondition }, ports) {
    const { waiver } = await askedWaiver(path.waiver, ports.waivers);
    const waivers = waiversUnder(precondition, ports.waivers);
    return changedWaiverReply(await unwaive(waiver.id, caller.actor, { ...ports, waivers }), ports);
  },
});
