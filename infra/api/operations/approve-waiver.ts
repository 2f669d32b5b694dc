import { approveWaiver as approve } from '../../../domain/audit/waive.ts';
import { askedWaiver, waiversUnder } from '../asked-waiver.ts';
import { operation } from '../operation.ts';
import { NoQuery } from './no-query.ts';
import { ChangedWaiverAnswer, changedWaiverReply } from './waiver-answer.ts';

export const approveWaiver = operation({
  method: 'POST',
  path: '/waivers/{waiver}/approval',
  role: 'Waivers.Approve',
  summary: 'Approves a waiver that waits for it; nobody approves their own',
  query: NoQuery,
  body: null,
  status: 200,
  answer: ChangedWaiverAnswer,
  etag: 'change',
  problems: ['request', 'not-found', 'refused', 'conflict'],
  async handle({ path, caller, precondition }, ports) {
    const { waiver } = await askedWaiver(path.waiver, ports.waivers);
    const waivers = waiversUnder(precondition, ports.waivers);
    return changedWaiverReply(await approve(waiver.id, caller.actor, { ...ports, waivers }), ports);
  },
});
