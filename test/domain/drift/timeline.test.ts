import { describe, expect, it } from 'vitest';
import type { StoredAttribution } from '../../../domain/audit/drift-ports.ts';
import { concludeFrom } from '../../../domain/drift/conclude.ts';
import { explains } from '../../../domain/drift/facts-of-rules.ts';
import { timelineOf } from '../../../domain/drift/timeline.ts';
import type { Transition } from '../../../domain/findings/finding.ts';
import { accountRules } from '../../../domain/rules/index.ts';
import { account, guid, now } from '../build.ts';
import { change, minute, pipeline, record, source } from './build-change.ts';

const transition: Transition = {
  findingId: 'contosoprofiles/single-ad-source',
  key: account().key,
  rule: 'single-ad-source',
  number: 1,
  kind: 'opened',
  at: now,
  cause: change().cause,
  before: null,
  after: { state: 'open', outcome: 'fail', severity: 'high', deciders: [] },
  title: 'Another source',
  episode: 1,
};

function attributed(over: Partial<StoredAttribution> = {}): StoredAttribution {
  const attribution = concludeFrom(change(), [record()], { last: false });
  if (attribution === null) throw new Error('One record proves it');
  return {
    changeId: 'change-1',
    key: account().key,
    attribution,
    transitions: [{ rule: 'single-ad-source', number: 1 }],
    ...over,
  };
}

describe('The timeline of an account', () => {
  it('tells what changed before what it did to findings, with who did it and how sure that is', () => {
    const entries = { transitions: [transition], changes: [change()], attributions: [attributed()] };

    const who = {
      who: 'user adele@contoso.com',
      confidence: 'proved',
      correlationId: 'correlation-1',
      doneAt: now - 30 * minute,
    };
    expect(timelineOf(entries)).toEqual([
      { at: now, what: source, before: 'AADKERB', after: 'None', finding: null, ...who },
      {
        at: now,
        what: 'single-ad-source opened',
        before: null,
        after: 'open, fail, high',
        finding: transition.findingId,
        ...who,
      },
    ]);
  });

  it('is in order of time, whatever order its entries came in', () => {
    const later = change({
      id: 'change-2',
      at: now + minute,
      properties: [{ property: 'apps', before: ['a'], after: [] }],
    });
    const lines = timelineOf({ transitions: [transition], changes: [later, change()], attributions: [] });

    expect(lines.map(({ what }) => what)).toEqual([source, 'single-ad-source opened', 'apps']);
    expect(lines[2]).toMatchObject({ before: 'a', after: 'none' });
  });

  it('does not lay at the door of an event about Azure what lies in Entra, nor what the calendar did', () => {
    const cause = { kind: 'event', id: 'e', actor: { kind: 'user', objectId: guid(7) } } as const;
    const who = (rule: string): unknown =>
      timelineOf({ transitions: [{ ...transition, rule, cause }], changes: [], attributions: [] })[0]?.who;

    expect(['mfa-excluded', 'consent-granted', 'sp-password-expiry'].map(who)).toEqual(Array(3).fill('unknown'));
    expect(['identity-not-bypassed', 'share-permission-assigned'].map(who)).toEqual(Array(2).fill(`user ${guid(7)}`));
  });

  it('takes what a person did by a command for what the command says', () => {
    const cause = { kind: 'person', id: '', actor: { kind: 'user', objectId: guid(8) } } as const;
    const acknowledged = { ...transition, kind: 'acknowledged', rule: 'mfa-excluded', cause } as const;

    expect(timelineOf({ transitions: [acknowledged], changes: [], attributions: [] })[0]).toMatchObject({
      who: `user ${guid(8)}`,
      confidence: 'proved',
    });
  });

  it('says that nobody is known, and what an event claims is likely', () => {
    const byEvent = { kind: 'event', id: 'e', actor: { kind: 'user', objectId: guid(7) } } as const;

    expect(timelineOf({ transitions: [], changes: [change()], attributions: [] })[0]).toMatchObject({
      who: 'unknown',
      confidence: 'unknown',
    });
    expect(
      timelineOf({
        transitions: [{ ...transition, rule: 'identity-not-bypassed', cause: byEvent }],
        changes: [],
        attributions: [],
      })[0],
    ).toMatchObject({
      who: `user ${guid(7)}`,
      confidence: 'likely',
    });
  });

  it('names all who may have done it, and the object id where no name is kept', () => {
    const ambiguous = concludeFrom(
      change(),
      [
        record({ actor: { ...record().actor, userPrincipalName: null } }),
        record({ at: now - minute, actor: pipeline, touched: [{ name: `properties.${source}`, before: 'AD' }] }),
      ],
      { last: false },
    );
    if (ambiguous === null) throw new Error('Two records are ambiguous');
    const [line] = timelineOf({
      transitions: [],
      changes: [change()],
      attributions: [attributed({ attribution: ambiguous })],
    });

    expect(line).toMatchObject({
      who: `unknown: user ${guid(0xad)} or application ${guid(0xae)}`,
      confidence: 'unknown',
    });
  });

  it('names nobody as the one where two changes by two people explain a finding', () => {
    const second = attributed({ changeId: 'change-2' });
    const other = { ...second, attribution: { ...second.attribution, actor: pipeline } };
    const lines = timelineOf({ transitions: [transition], changes: [], attributions: [attributed(), other] });

    expect(lines[0]).toMatchObject({
      who: `unknown: user adele@contoso.com or application ${guid(0xae)}`,
      confidence: 'unknown',
    });
  });
});

describe('A change explains a finding', () => {
  it('of a rule that decides by what changed, and of no other', () => {
    const credentials = change({
      properties: [{ property: `app/${guid(0xa)}/credentials`, before: [], after: ['x'] }],
    });

    expect(explains(credentials, 'sp-password-expiry')).toBe(true);
    expect(explains(credentials, 'consent-granted')).toBe(false);
    expect(
      explains(
        change({ properties: [{ property: 'allowSharedKeyAccess', before: false, after: true }] }),
        'sp-password-expiry',
      ),
    ).toBe(false);
  });

  it('by a role assignment where the rule looks for share permissions', () => {
    const given = change({
      part: 'access',
      properties: [{ property: 'shareRoleAssignments', before: ['x'], after: [] }],
    });

    expect(accountRules.filter(({ id }) => explains(given, id)).map(({ id }) => id)).toEqual([
      'share-permission-assigned',
    ]);
  });

  it.each(['kind', source])('of every account rule by %s, and of no rule about the tenant', (property) => {
    const changed = change({ properties: [{ property, before: 'a', after: 'b' }] });

    expect(accountRules.filter(({ id }) => !explains(changed, id)).map(({ id }) => id)).toEqual([]);
    expect(explains(changed, 'coverage-lost')).toBe(false);
  });
});
