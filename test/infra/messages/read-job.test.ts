import { describe, expect, it } from 'vitest';
import { jobEvent, type JobEvent } from '../../../infra/messages/job.ts';
import { heldForPerson } from '../../../domain/remediation/held-if-taken-back.ts';
import { asStored, readJob } from '../../../infra/messages/read-job.ts';
import { isRefusal } from '../../../infra/services.ts';
import { job, noon, tenantId } from '../azure/samples.ts';

const elsewhere = '99999999-9999-9999-9999-999999999999';
const event = jobEvent(job(), 'm1', null);
const [call] = event.data.plan;
const withData = (over: Partial<JobEvent['data']>): JobEvent => ({ ...event, data: { ...event.data, ...over } });

/** What a call throws. */
function thrown(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was refused');
}

describe('A job that comes to the remediator', () => {
  it('is taken as it was sent, whatever the case of the tenant', () => {
    expect(readJob(JSON.stringify(event), tenantId.toUpperCase())).toEqual(event);
  });

  it.each([
    ['of a future version', { ...event, type: 'kerbwatch.remediation.requested.v2' }, /type: of version 2/],
    ['for another tenant', withData({ tenantId: elsewhere }), /data.tenantId: of another tenant/],
    ['with an action that nobody knows', withData({ action: 'delete-all' }), /data.action: not an action/],
    ['with an action that every object has', withData({ action: 'constructor' }), /data.action: not an action/],
    [
      'with a URL of another host',
      withData({ plan: [{ ...call, url: 'https://elsewhere.example/' } as never] }),
      /plan.0.url: not a path on the endpoint/,
    ],
    [
      'with a URL that only looks like a path',
      withData({ plan: [{ ...call, url: '//elsewhere.example/' } as never] }),
      /plan.0.url: not a path on the endpoint/,
    ],
    ['that is no job', '{"specversion":"1.0"}', /type: /],
    ['that is no JSON', Buffer.from('{'), /body: not JSON/],
  ])('%s is refused with the reason, and never repeats what it held', (_, message, reason) => {
    const error = thrown(() => readJob(message, tenantId));

    expect(isRefusal(error)).toBe(true);
    expect(error).toMatchObject({ message: expect.stringMatching(reason) as string });
    expect(String(error)).not.toMatch(/elsewhere|delete-all|9999/);
  });
});

describe('A job’s message, held against the job as it is stored', () => {
  it('passes as it was sent, also after its way through JSON', () => {
    expect(() => asStored(JSON.parse(JSON.stringify(event)) as JobEvent, job())).not.toThrow();
  });

  it('passes with the approval of whoever gave it, and when it is brought back for a later time', () => {
    const approved = jobEvent(job({ approvalRequired: true }), 'm1', { by: 'o1', at: noon });
    const later = { ...approved, data: { ...approved.data, notBefore: '2026-11-21T18:00:00.000Z' } };

    expect(() => asStored(later, job({ approvalRequired: true }))).not.toThrow();
  });

  it('passes when it was sent before its job was to wait for a person, who has longer', () => {
    const held = heldForPerson(job(), noon + 1);
    expect(() => asStored(event, held)).not.toThrow();

    const beyond = new Date(held.expiresAt + 1).toISOString();
    expect(() => asStored(withData({ expiresAt: beyond }), held)).toThrow(/data.expiresAt/);
    expect(() => asStored(event, { ...job(), expiresAt: held.expiresAt })).toThrow(/data.expiresAt/);
  });

  it.each([
    [
      'plan',
      { plan: [{ ...call, body: { consentType: 'AllPrincipals', scope: 'Directory.ReadWrite.All' } } as never] },
    ],
    ['target', { target: { ...event.data.target, id: elsewhere } }],
    ['accounts', { accounts: [] }],
    ['findingIds', { findingIds: ['other/consent-granted'] }],
    ['action', { action: 'add-missing-scopes' }],
    ['risk', { risk: 'disruptive' as const }],
    ['rule', { rule: 'consent-minimal' }],
    ['dryRun', { dryRun: true }],
    ['expiresAt', { expiresAt: '2036-01-01T00:00:00.000Z' }],
  ])('is refused where somebody changed its %s, and says so', (member, over) => {
    const error = thrown(() => {
      asStored(withData(over), job());
    });

    expect(isRefusal(error)).toBe(true);
    expect(error).toMatchObject({ what: [expect.stringContaining(`data.${member}: not as the job is stored`)] });
  });

  it('is refused in an attempt that is over, or was never made', () => {
    expect(() => asStored(event, job({ attempt: 2 }))).toThrow(/of attempt 1, and the job is in attempt 2/);
    expect(() => asStored(withData({ attempt: 7 }), job())).toThrow(/of attempt 7/);
  });
});
