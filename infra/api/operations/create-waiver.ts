import { z } from 'zod';
import { waive } from '../../../domain/audit/waive.ts';
import { askedScope } from '../asked-scope.ts';
import { operation } from '../operation.ts';
import { guid } from '../query-values.ts';
import { written } from '../written.ts';
import { NoQuery } from './no-query.ts';
import { ChangedWaiverAnswer, changedWaiverReply } from './waiver-answer.ts';

const Name = z.string().min(1).max(600);

const Body = z.strictObject({
  finding: Name.optional().meta({ description: "The id of a finding, or its account's ARM id, / and the rule." }),
  account: Name.optional().meta({ description: 'All findings of an account: its name or ARM id.' }),
  rule: Name.optional().meta({ description: 'All findings of a rule.' }),
  subscription: guid('a subscription id').optional().meta({ description: 'All findings of a subscription.' }),
  tag: z
    .strictObject({ name: Name, value: Name })
    .optional()
    .meta({ description: 'All findings of accounts with this tag.' }),
  onlyRule: Name.optional().meta({ description: 'Narrows an account, a subscription or a tag to one rule.' }),
  reason: written().meta({ description: 'Why it is accepted; at most 1,000 characters.' }),
  owner: written().meta({ description: 'Object id of a user or group, or the name of a team.' }),
  until: z.string().meta({ description: 'The last day, as 2027-02-28 (UTC), or an instant.' }),
  from: z.string().optional().meta({ description: 'The first day or instant; now where left out.' }),
});

export const createWaiver = operation({
  method: 'POST',
  path: '/waivers',
  role: 'Findings.Write',
  summary: 'Accepts a fault until a day: of a finding, or of all that one of the other scopes covers',
  query: NoQuery,
  body: Body,
  status: 201,
  answer: ChangedWaiverAnswer,
  etag: 'made',
  problems: ['request', 'ambiguous', 'refused', 'conflict'],
  async handle({ body: { reason, owner, until, from, ...asked }, caller }, ports) {
    const scope = await askedScope(asked, ports);
    const request = { scope, reason, owner, until, ...(from === undefined ? {} : { from }) };
    const waived = await waive(request, caller.actor, ports.settings, ports);
    return { ...(await changedWaiverReply(waived, ports)), headers: { Location: `waivers/${waived.waiver.id}` } };
  },
});
