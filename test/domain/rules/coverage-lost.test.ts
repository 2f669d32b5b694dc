import { describe, expect, it } from 'vitest';
import type { CollectionName } from '../../../domain/model/collection.ts';
import type { Coverage } from '../../../domain/model/coverage.ts';
import { evaluateOperation } from '../../../domain/rules/index.ts';
import { coverageLost } from '../../../domain/rules/coverage-lost.ts';
import { day, guid, now, settings } from '../build.ts';

const forbidden = { reason: 'forbidden', needs: 'Policy.Read.All' } as const;
const hidden = { reason: 'not-visible', needs: 'Reader on the subscription' } as const;
const sub = guid(2);

function entry(place: string, collection: CollectionName, over: Partial<Coverage> = {}): Coverage {
  return { place, collection, rows: 3, pages: null, gaps: [], readAt: now, ...over };
}

function subjectsOf(...coverage: readonly Coverage[]): readonly string[] {
  return coverageLost.evaluate({ coverage }).subjects.map(({ subject }) => subject);
}

describe('coverage-lost: everything that was read before can still be read', () => {
  it('passes where all was read', () => {
    const { subjects, others } = coverageLost.evaluate({ coverage: [entry('tenant', 'applications')] });

    expect(subjects).toEqual([]);
    expect(others.outcome).toBe('pass');
  });

  it('fails, high, for a collection that was read before, naming the reason, the permission and when', () => {
    const lost = entry('tenant', 'conditional-access-policies', { gaps: [forbidden], readAt: now - day });
    const { subjects } = coverageLost.evaluate({ coverage: [lost, entry('tenant', 'applications')] });

    expect(subjects).toMatchObject([
      {
        subject: 'tenant:conditional-access-policies',
        verdict: {
          outcome: 'fail',
          severity: 'high',
          gaps: [],
          evidence: { needs: ['Policy.Read.All'], reasons: ['forbidden'], lastReadAt: '2026-11-20T12:00:00.000Z' },
        },
      },
    ]);
    expect(subjects[0]?.verdict.title).toContain('Policy.Read.All');
  });

  it('says nothing of what was never read', () => {
    expect(subjectsOf(entry('tenant', 'applications', { gaps: [forbidden], readAt: null }))).toEqual([]);
  });

  it('tells a subscription that is lost once, under its storage accounts, with all that lay in it', () => {
    const lost = { gaps: [hidden], readAt: now - day };
    const coverage = [
      entry(sub, 'private-endpoints', lost),
      entry(sub, 'storage-accounts', lost),
      entry(sub, 'file-services', lost),
      entry(guid(3), 'storage-accounts'),
    ];
    const { subjects } = coverageLost.evaluate({ coverage });

    expect(subjects.map(({ subject }) => subject)).toEqual([`${sub}:storage-accounts`]);
    expect(subjects[0]?.verdict.evidence['collections']).toEqual([
      'storage-accounts',
      'file-services',
      'private-endpoints',
    ]);
    expect(coverageLost.evaluate({ coverage: coverage.toReversed() }).subjects).toEqual(subjects);
  });

  it('tells many subscriptions that went with the list of all of them once', () => {
    const lost = { gaps: [{ reason: 'unreachable', needs: null }], readAt: now - day } as const;

    expect(
      subjectsOf(
        entry('tenant', 'storage-accounts', lost),
        entry('tenant', 'private-endpoints', lost),
        entry(sub, 'storage-accounts', lost),
        entry(guid(3), 'private-endpoints', lost),
      ),
    ).toEqual(['tenant:storage-accounts']);
  });

  it('keeps what was lost before apart from what is lost with the subscription', () => {
    const subjects = subjectsOf(
      entry(sub, 'private-endpoints', { gaps: [forbidden], readAt: now - 2 * day }),
      entry(sub, 'storage-accounts', { gaps: [hidden], readAt: now - day }),
    );

    expect(subjects.toSorted()).toEqual([`${sub}:private-endpoints`, `${sub}:storage-accounts`]);
  });

  it('tells collections of the directory each on its own', () => {
    const lost = { gaps: [forbidden], readAt: now - day };

    expect(subjectsOf(entry('tenant', 'applications', lost), entry('tenant', 'service-principals', lost))).toHaveLength(
      2,
    );
  });

  it('can be switched off by settings, and takes another severity', () => {
    const coverage = [entry('tenant', 'applications', { gaps: [forbidden], readAt: now - day })];
    const set = (enabled: boolean, severity: 'low' | null = null) =>
      settings({ rules: { 'coverage-lost': { enabled, severity, thresholds: {} } } });

    expect(evaluateOperation({ coverage }, set(false)).map(({ rule }) => rule.id)).not.toContain('coverage-lost');
    expect(evaluateOperation({ coverage }, set(true, 'low'))[0]?.subjects[0]?.verdict.severity).toBe('low');
  });
});
