import { describe, expect, it } from 'vitest';
import { alertEvent, parseAlertEvent } from '../../../infra/messages/alert.ts';
import { auditWorkMessage, parseAuditWork } from '../../../infra/messages/audit-work.ts';
import { jobEvent, parseJobEvent } from '../../../infra/messages/job.ts';
import { MessageMalformed } from '../../../infra/messages/malformed.ts';
import { parseResultEvent, resultEvent } from '../../../infra/messages/result.ts';
import { accountId, alert, job, noon, tenantId } from '../azure/samples.ts';

const work = { kind: 'shard', runId: 'r1', shard: 0 } as const;
const kinds = [
  ['job', () => jobEvent(job(), 'm1', null), parseJobEvent],
  ['alert', () => alertEvent(alert('profiles'), tenantId), parseAlertEvent],
  [
    'result',
    () => resultEvent({ jobId: 'j1', outcome: 'done', reason: null, at: noon }, 'm1', tenantId),
    parseResultEvent,
  ],
] as const;

describe.each(kinds)('a message: %s', (_, write, parse) => {
  it('is read as it was written, from an object, its text and its bytes', () => {
    const text = JSON.stringify(write());

    for (const body of [JSON.parse(text) as unknown, text, Buffer.from(text)]) expect(parse(body)).toEqual(write());
  });

  it('may hold members that are not known yet', () => {
    expect(parse({ ...write(), traceparent: '00-1-1-00' })).toEqual(write());
  });

  it('is refused under another type', () => {
    expect(() => parse({ ...write(), type: 'kerbwatch.other.v9' })).toThrow(MessageMalformed);
  });
});

describe('a malformed message', () => {
  it.each(['{"kind":', '', Buffer.from([0xff])])('is no JSON: %j', (body) => {
    expect(() => parseAuditWork(body)).toThrow(/^Not a valid audit-work message: body: not JSON$/);
  });

  it('says where it is wrong, and never what it held', () => {
    const message = { ...auditWorkMessage(work), shard: 'secret' };
    const parsing = (): unknown => parseAuditWork(message);

    expect(parsing).toThrow(MessageMalformed);
    expect(parsing).toThrow(/shard: /);
    expect(parsing).toThrow(/^(?!.*secret)/);
  });

  it.each([null, [], 7, {}, { ...work, schema: 'kerbwatch.audit-work/v2' }])('is refused: %j', (body) => {
    expect(() => parseAuditWork(body)).toThrow(MessageMalformed);
  });

  it.each(['', '/subscriptions/s/resourceGroups/g', `${accountId('a')}/fileServices/default`])(
    'names something that is no storage account: %j',
    (id) => {
      const cause = { kind: 'event', id: 'e', actor: { kind: 'unknown', objectId: null } } as const;

      expect(() => auditWorkMessage({ kind: 'account', accountId: id, cause })).toThrow(/accountId: not the ARM id/);
    },
  );
});

describe('the approval in a job', () => {
  it('names who approved it and when', () => {
    const { data } = jobEvent(job({ approvalRequired: true }), 'm1', { by: 'o1', at: noon });

    expect(data.approval).toEqual({ required: true, by: 'o1', at: '2026-11-21T12:00:00.000Z' });
  });
});
