import { describe, expect, it } from 'vitest';
import { alertEvent, parseAlertEvent } from '../../../infra/messages/alert.ts';
import { alertCauses, parseAlertCauses } from '../../../infra/messages/alert-causes.ts';
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

it.each(['person', 'sweep', 'oracle'])(
  'is refused where it says that a %s caused an audit, which queues none',
  (kind) => {
    const cause = { kind, id: '', actor: { kind: 'user', objectId: 'whoever' } };
    const forged = { schema: 'kerbwatch.audit-work/v1', kind: 'account', accountId: accountId('a'), cause };

    expect(() => parseAuditWork(forged)).toThrow(/cause\.kind/);
  },
);

it('keeps with the work the events that caused it', () => {
  const events = { ids: ['e1', 'e2'], changedAt: noon, receivedAt: noon + 1, dueAt: noon + 2 };
  const cause = { kind: 'event', id: 'e1', actor: { kind: 'unknown', objectId: null }, events } as const;
  const work = { kind: 'account', accountId: accountId('a'), cause } as const;

  expect(parseAuditWork(auditWorkMessage(work))).toEqual(work);
});

it('takes who did it for unknown in an alert that an older version sent', () => {
  const { actorConfidence: _, ...data } = alertEvent(alert('profiles'), tenantId).data;
  const older = { ...alertEvent(alert('profiles'), tenantId), data };

  expect(parseAlertEvent(older).data.actorConfidence).toBe('unknown');
});

describe('what an alert’s message says of its events', () => {
  const events = { ids: ['e1'], changedAt: noon, receivedAt: noon + 1, dueAt: noon + 2 };

  it('is when they happened and came, and nothing of it is in the body', () => {
    const told = alertEvent({ ...alert('profiles'), events }, tenantId);

    const times = { changedAt: noon, receivedAt: noon + 1, dueAt: noon + 2 };
    expect(parseAlertCauses(alertCauses(events))).toEqual({ plane: 'storage', changedAtIs: 'known', ...times });
    expect(told).toEqual(alertEvent(alert('profiles'), tenantId));
  });

  it('says of the directory watch whether the change came then, or only not before', () => {
    const seen = { ...events, plane: 'directory', changedAtIs: 'not-before' } as const;
    const cause = { kind: 'watch', id: 'w1', actor: { kind: 'unknown', objectId: null }, events: seen } as const;
    const account = { kind: 'account', accountId: accountId('a'), cause } as const;

    expect(parseAlertCauses(alertCauses(seen))).toMatchObject({ plane: 'directory', changedAtIs: 'not-before' });
    expect(parseAuditWork(auditWorkMessage(account))).toEqual(account);
  });

  it('is known, and of storage, in a message that an older version sent', () => {
    const { ids: _, ...times } = events;
    expect(parseAlertCauses(times)).toEqual({ plane: 'storage', changedAtIs: 'known', ...times });
  });

  it.each([undefined, null, {}, { changedAt: 'noon', receivedAt: 1, dueAt: 2 }])(
    'is nothing where it is %j',
    (given) => {
      expect(parseAlertCauses(given)).toBeNull();
    },
  );
});

describe('the approval in a job', () => {
  it('names who approved it and when', () => {
    const { data } = jobEvent(job({ approvalRequired: true }), 'm1', { by: 'o1', at: noon });

    expect(data.approval).toEqual({ required: true, by: 'o1', at: '2026-11-21T12:00:00.000Z' });
  });
});

it('says whose change is to be looked up, and for which time', () => {
  const work = { kind: 'attribute', accountId: accountId('a').toLowerCase(), changeId: 'c1', attempt: 2 } as const;

  expect(parseAuditWork(auditWorkMessage(work))).toEqual(work);
});
