import { describe, expect, it } from 'vitest';
import { namesIn } from '../../../cli/report/known-names.ts';
import type { ToldEntry } from '../../../infra/documents/timeline-document.ts';
import { timelineText } from '../../../cli/report/timeline-text.ts';
import { guid } from '../../domain/build.ts';

const at = Date.UTC(2026, 10, 21, 12, 0, 5, 900);

function entry(over: Partial<ToldEntry> = {}): ToldEntry {
  return {
    at,
    doneAt: null,
    what: 'allowSharedKeyAccess',
    before: 'false',
    after: 'true',
    who: 'unknown',
    confidence: 'unknown',
    correlationId: null,
    finding: null,
    cause: { kind: 'nightly', id: 'run-1' },
    note: null,
    ...over,
  };
}

function step(before: string | null, after: string, over: Partial<ToldEntry> = {}): ToldEntry {
  return entry({ what: 'mfa-excluded worse', finding: 'profiles/mfa-excluded', before, after, ...over });
}

describe('The timeline in a terminal', () => {
  it('tells once who did what happened together, and how sure that is', () => {
    const known = { who: 'user 7', confidence: 'proved', doneAt: at - 5000, correlationId: 'c-1' } as const;
    const text = timelineText([entry(known), step('open, warn, low', 'open, fail, high', known), entry()]);

    expect(text.split('\n')).toEqual([
      '2026-11-21T12:00:05Z  by user 7 (proved, done 2026-11-21T12:00:00Z, correlation c-1); seen by the',
      '                      nightly audit run-1',
      '  allowSharedKeyAccess: false -> true',
      '  mfa-excluded worse: open, warn, low -> open, fail, high',
      '2026-11-21T12:00:05Z  who did it is not known; seen by the nightly audit run-1',
      '  allowSharedKeyAccess: false -> true',
    ]);
  });

  it.each<[string, ToldEntry, string]>([
    ['a first step', step(null, 'open, fail, high'), 'mfa-excluded worse: open, fail, high'],
    [
      'a step that only other objects decide',
      step('open, fail, high', 'open, fail, high'),
      'mfa-excluded worse: open, fail, high, decided by other objects than before',
    ],
    [
      'another waiver in place of the one before',
      step('waived, fail, high', 'waived, fail, high', { what: 'mfa-excluded waived', note: 'Waiver 2' }),
      'mfa-excluded waived: waived, fail, high ("Waiver 2")',
    ],
    ['a note', step(null, 'open', { note: 'On it' }), 'mfa-excluded worse: open ("On it")'],
    ['a fact that was not set', entry({ before: null }), 'allowSharedKeyAccess: not set -> true'],
    [
      'of a list what came and what went',
      entry({ what: 'apps', before: 'a, b', after: 'b, c' }),
      'apps: no longer a; now c',
    ],
    ['of an empty list what came', entry({ what: 'apps', before: 'none', after: 'b, c' }), 'apps: now b, c'],
    [
      'nothing that steers a terminal or a pipeline',
      entry({ after: '\u001B[2J##vso[task.x]' }),
      'allowSharedKeyAccess: false -> # #vso[task.x]',
    ],
  ])('shows %s', (_, told, line) => {
    expect(timelineText([told]).split('\n').slice(1)).toEqual([`  ${line}`]);
  });

  it.each([
    [null, 'true', 'added'],
    ['true', null, 'removed'],
  ])('tells of an app that went from %s to %s that it was', (before, after, word) => {
    const facts = ['owners', 'tags', 'credentials'].map((name) => entry({ what: `app/a1/${name}`, before, after }));
    expect(timelineText(facts).split('\n').slice(1)).toEqual([
      `  app a1: ${word}, with 3 facts (--format json lists them)`,
    ]);
  });

  it('tells each fact of an app that stays', () => {
    const facts = ['owners', 'tags'].map((name) => entry({ what: `app/a1/${name}` }));
    expect(timelineText(facts).split('\n').slice(1)).toEqual([
      '  app/a1/owners: false -> true',
      '  app/a1/tags: false -> true',
    ]);
  });

  it('names policies and apps that are known, with the beginning of the id, and gives other ids in full', () => {
    const [known, strange, app] = [1, 2, 3].map((n) => guid(n)) as [string, string, string];
    const names = namesIn([
      {
        evidence: {
          policies: [{ id: known.toUpperCase(), name: 'MFA for all, everywhere' }],
          apps: [{ appId: app, displayName: 'Storage app' }],
        },
      },
    ]);
    const policies = entry({
      what: `app/${app}/policies`,
      before: 'none',
      after: `${known} violation, ${strange} ok`,
    });
    const facts = ['owners', 'tags'].map((name) => entry({ what: `app/${app}/${name}`, before: null }));
    const of = (told: readonly ToldEntry[]): string => timelineText(told, names).split(/\s+/u).join(' ');

    expect(of([policies, step(null, 'open')])).toContain(
      `app/‹Storage app› (${app.slice(0, 8)})/policies: now ‹MFA for all, everywhere› (${known.slice(0, 8)}) violation, ${strange} ok`,
    );
    expect(of(facts)).toContain(`app ‹Storage app› (${app.slice(0, 8)}): added, with 2 facts`);
  });

  it('names all who may have done it, and none of them as the one', () => {
    expect(timelineText([entry({ who: 'unknown: user 7 or user 8' })])).toContain(
      'who did it is not known: user 7 or user 8;',
    );
  });

  it('names a reason that a newer version gave', () => {
    const told = entry({ cause: { kind: 'oracle' as 'event', id: '' } });
    expect(timelineText([told])).toContain('noticed by oracle');
  });
});
