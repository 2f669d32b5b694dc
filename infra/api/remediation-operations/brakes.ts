import { z } from 'zod';
import type { BrakeState } from '../../../domain/remediation/brakes.ts';
import { switchKill } from '../../../domain/remediation/kill-switch.ts';
import { releaseAction } from '../../../domain/remediation/release-action.ts';
import { BrakesDocument, brakesDocument } from '../../documents/brakes-document.ts';
import type { Reply } from '../operation.ts';
import { NoQuery } from '../operations/no-query.ts';
import { refused } from '../refusals.ts';
import type { RemediationApiPorts } from '../remediation-ports.ts';
import { written } from '../written.ts';
import { callerOf, deciderOf } from './asked-job.ts';
import { deciders, operation, readers } from './remediation-operation.ts';

export const getBrakes = operation({
  method: 'GET',
  path: '/brakes',
  role: readers,
  summary: 'The kill switch, the actions that are stopped, and the writes of the last hour',
  query: NoQuery,
  body: null,
  status: 200,
  answer: BrakesDocument,
  etag: null,
  problems: ['request', 'refused'],
  async handle(_asked, ports) {
    return reply((await ports.brakes.read()).state, ports);
  },
});

export const setKillSwitch = operation({
  method: 'PUT',
  path: '/brakes/kill-switch',
  role: deciders,
  summary: 'Stops every write, or lets them go on',
  query: NoQuery,
  body: z.strictObject({
    on: z.boolean(),
    reason: written().trim().min(1).max(1000).meta({ description: 'Why; at most 1,000 characters.' }),
  }),
  status: 200,
  answer: BrakesDocument,
  etag: null,
  problems: ['request', 'refused', 'conflict'],
  async handle({ body: { on, reason }, caller }, ports) {
    return reply(await switchKill({ on, by: on ? callerOf(caller) : deciderOf(caller), reason }, ports), ports);
  },
});

export const releaseStoppedAction = operation({
  method: 'DELETE',
  path: '/brakes/stopped/{action}',
  role: deciders,
  summary: 'Lets an action go on that failed too often or clashed',
  query: NoQuery,
  body: null,
  status: 200,
  answer: BrakesDocument,
  etag: null,
  problems: ['request', 'refused', 'conflict'],
  async handle({ path, caller }, ports) {
    if (!(await releaseAction(path.action, deciderOf(caller), ports))) {
      throw refused('refused', `The action ${JSON.stringify(path.action.slice(0, 64))} is not stopped.`);
    }
    return reply((await ports.brakes.read()).state, ports);
  },
});

function reply(state: BrakeState, { settings, now }: RemediationApiPorts): Reply<BrakesDocument> {
  return { document: brakesDocument(state, settings, now()) };
}
