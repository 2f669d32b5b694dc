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

describe('the plan in a job', () => {
  it('tells the values before and after, and what is there afterwards; a message of an older version tells none', () => {
    const { plan } = job();
    const told = { before: { scope: ' openid' }, after: { scope: ' openid profile' } };
    const calls = plan.calls.map((call) => ({
      ...call,
      ...told,
      reads: { ...call.reads, afterwards: { '/scope': ' openid profile' } },
    }));
    const written = jobEvent(job({ plan: { ...plan, calls } }), 'm1', null);

    expect(parseJobEvent(JSON.parse(JSON.stringify(written))).data.plan).toEqual(calls);
    expect(jobEvent(job(), 'm1', null).data.plan).toEqual(plan.calls);
  });
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

describe('a job for more accounts than a message has room for', () => {
  const ids = Array.from({ length: 1000 }, (_, at) => `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`);
  const names = ids.map((_, at) => `profiles${String(at).padStart(4, '0')}`);
  const { plan } = job();
  const [call] = plan.calls;
  if (call === undefined) throw new Error('The sample has a call');
  const lists = { '/conditions/applications/excludeApplications': ids };
  const calls = [
    {
      ...call,
      body: { conditions: { applications: { excludeApplications: ids } } },
      reads: { ...call.reads, afterwards: lists },
      after: { excludeApplications: ids },
    },
  ];
  const many = job({
    accounts: names.map((name) => ({ id: accountId(name), name })),
    findings: names.map((name) => ({ id: `${name}/mfa-excluded`, episode: 1 })),
    plan: { ...plan, calls },
  });

  it('fits into one all the same: its plan is whole, and it says how many it does not name', () => {
    const event = jobEvent(many, 'm1', null);
    // What the broker counts beside the body is far below a quarter.
    expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThan(192 * 1024);
    expect(event.data.plan).toEqual(calls);
    expect(event.data.accounts.length + (event.data.omitted?.accounts ?? 0)).toBe(1000);
    expect(event.data.findingIds.length + (event.data.omitted?.findings ?? 0)).toBe(1000);
    expect(parseJobEvent(event)).toEqual(event);
  });

  it('names all where there are few', () => {
    expect(jobEvent(job(), 'm1', null).data).not.toHaveProperty('omitted');
  });
});

describe('work that plans a repair', () => {
  const policyId = '00000000-0000-4000-8000-000000000100';
  const about = { kind: 'plan-repair', correlationId: 'run-1' } as const;

  it.each([
    { of: 'policy', policyId },
    { of: 'exclusions', policyId },
    { of: 'account', accountId: accountId('a'), rule: 'consent-granted' },
  ] as const)('is read as it was written: $of', (repair) => {
    expect(parseAuditWork(auditWorkMessage({ ...about, repair }))).toEqual({ ...about, repair });
  });

  it('is followed by what says that a job came of it, which is read as it was written', () => {
    const queued = { kind: 'repair-queued', jobId: 'j1' } as const;
    expect(parseAuditWork(auditWorkMessage(queued))).toEqual(queued);
    expect(() => auditWorkMessage({ ...queued, jobId: '' })).toThrow(MessageMalformed);
  });

  it.each(['', 'x', `${policyId}/../users`])('is refused where its policy is no id: %j', (id) => {
    expect(() => auditWorkMessage({ ...about, repair: { of: 'policy', policyId: id } })).toThrow(MessageMalformed);
  });
});
