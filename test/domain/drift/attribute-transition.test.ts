import { describe, expect, it } from 'vitest';
import { attributionOf, toldActor } from '../../../domain/drift/attribute-transition.ts';
import type { FactChange } from '../../../domain/drift/fact-change.ts';
import { timelineOf } from '../../../domain/drift/timeline.ts';
import { alertOf } from '../../../domain/findings/alert.ts';
import type { Actor, Cause, FindingStanding, Transition } from '../../../domain/findings/finding.ts';
import { account, guid, now } from '../build.ts';
import { change } from './build-change.ts';
import { live, verdict } from '../findings/live.ts';

const claimed: Actor = { kind: 'user', objectId: guid(7) };
const remediator: Actor = { kind: 'application', objectId: guid(9) };
const unknown: Actor = { kind: 'unknown', objectId: null };
const open: FindingStanding = { state: 'open', outcome: 'fail', severity: 'high', deciders: [] };
const mending: FindingStanding = { ...open, state: 'remediating' };
const resolved: FindingStanding = { ...open, state: 'resolved' };

function cause(kind: Cause['kind'], actor: Actor): Cause {
  return { kind, id: 'c1', actor };
}

function step(over: Partial<Transition>): Transition {
  return {
    findingId: 'contosoprofiles/identity-not-bypassed',
    key: account().key,
    rule: 'identity-not-bypassed',
    number: 1,
    kind: 'opened',
    at: now,
    cause: cause('event', claimed),
    before: null,
    after: open,
    title: 'A fault',
    episode: 1,
    ...over,
  };
}

const { finding } = live({ sees: verdict() });
if (finding === null) throw new Error('What is broken is a finding');
const about = finding;
const nobody = { actor: null, actorConfidence: 'unknown' };

describe('Who brought a transition about', () => {
  it.each<[string, Partial<Transition>, object]>([
    ['is likely whom an event claims', {}, { actor: claimed, actorConfidence: 'likely' }],
    ['is nobody where the event claims nobody', { cause: cause('event', unknown) }, nobody],
    ['is nobody whom an event about Azure claims, for consent', { rule: 'consent-granted' }, nobody],
    ['is nobody whom an event about Azure claims, for policies', { rule: 'mfa-excluded' }, nobody],
    [
      'is likely whom an event claims, where the identity source itself is at fault',
      { rule: 'single-ad-source' },
      { actor: claimed, actorConfidence: 'likely' },
    ],
    [
      'is nobody whom an event claims, where a storage app is at fault',
      { rule: 'single-ad-source', after: { ...open, deciders: [guid(3)] } },
      nobody,
    ],
    [
      'is nobody whom an event claims, where a storage app was at fault',
      {
        rule: 'single-ad-source',
        kind: 'resolved',
        before: { ...open, deciders: [guid(3)] },
        after: { ...resolved, deciders: [] },
      },
      nobody,
    ],
    ['is nobody at night', { cause: cause('nightly', unknown) }, nobody],
    ['is nobody for the directory watch', { cause: cause('watch', unknown) }, nobody],
    ['is nobody for a reason that a newer version gave', { cause: cause('oracle' as 'event', claimed) }, nobody],
    [
      'is the person at a command, for a rule that looks at Entra too',
      { kind: 'acknowledged', rule: 'mfa-excluded', cause: cause('person', claimed), before: open },
      { actor: claimed, actorConfidence: 'proved' },
    ],
    [
      'is the application whose repair is verified',
      {
        rule: 'consent-granted',
        kind: 'resolved',
        cause: cause('verification', remediator),
        before: mending,
        after: resolved,
      },
      { actor: remediator, actorConfidence: 'proved' },
    ],
    [
      'is the application whose repair did not help',
      { rule: 'consent-granted', kind: 'unrepaired', cause: cause('verification', remediator), before: mending },
      { actor: remediator, actorConfidence: 'proved' },
    ],
    [
      'is the application whose own job was mending it',
      {
        rule: 'consent-granted',
        kind: 'resolved',
        cause: cause('verification', remediator),
        before: mending,
        after: resolved,
        repair: 'c1',
      },
      { actor: remediator, actorConfidence: 'proved' },
    ],
    [
      'is nobody where the job that is verified is not the one that was mending it',
      {
        rule: 'consent-granted',
        kind: 'resolved',
        cause: cause('verification', remediator),
        before: mending,
        after: resolved,
        repair: 'another job',
      },
      nobody,
    ],
    ['is nobody for what a verification finds besides', { cause: cause('verification', remediator) }, nobody],
    [
      'is nobody for what a verification finds mended that nobody was mending',
      { kind: 'resolved', cause: cause('verification', remediator), before: open, after: resolved },
      nobody,
    ],
    [
      'is nobody for what got worse under a repair',
      { kind: 'worse', cause: cause('verification', remediator), before: mending },
      nobody,
    ],
  ])('%s: in its alert, and the same in history', (_, over, told) => {
    const transition = step(over);
    const [line] = timelineOf({ transitions: [transition], changes: [], attributions: [] });
    const { actor, actorConfidence } = toldActor(attributionOf(transition));

    expect({ actor, actorConfidence }).toEqual(told);
    expect(line).toMatchObject({
      confidence: actorConfidence,
      who: actor === null ? 'unknown' : `${actor.kind} ${actor.objectId ?? ''}`,
    });
    const alert = alertOf({ ...about, rule: transition.rule }, transition);
    if (alert !== null) expect(alert).toMatchObject(told);
    expect(alert === null).toBe(transition.kind === 'acknowledged');
  });

  it('is known for what the repair of a rule changed, and for nothing else that its verification found', () => {
    const verification = cause('verification', remediator);
    const repaired = step({
      rule: 'consent-granted',
      kind: 'resolved',
      cause: verification,
      before: mending,
      after: resolved,
    });
    const app = `app/${guid(0xa)}`;
    const properties = ['allowSharedKeyAccess', 'apps', `${app}/consentedScopes`, `${app}/policies`].map(
      (property) => ({ property, before: 'a', after: 'b' }),
    );
    const lines = (over: Partial<FactChange>, transitions = [repaired]): readonly string[] =>
      timelineOf({ transitions, changes: [change({ cause: verification, properties, ...over })], attributions: [] })
        .filter(({ finding: of }) => of === null)
        .map(({ what, who, confidence }) => `${what} ${confidence} ${who}`);
    const by = `proved application ${guid(9)}`;

    expect(lines({})).toEqual([
      'allowSharedKeyAccess unknown unknown',
      'apps unknown unknown',
      `${app}/consentedScopes ${by}`,
      `${app}/policies unknown unknown`,
    ]);
    expect(lines({ cause: { ...verification, id: 'another job' } }).join()).not.toContain('proved');
    expect(lines({}, [{ ...repaired, kind: 'unrepaired' }]).join()).not.toContain('proved');
  });

  it('is not forgotten for a record that does not say who', () => {
    const nameless = { ...attributionOf(step({ cause: cause('nightly', unknown) })), at: now, correlationId: 'c' };
    const recorded = {
      key: account().key,
      attribution: nameless,
      transitions: [{ rule: 'identity-not-bypassed', number: 1 }],
    };
    expect(attributionOf(step({}), [recorded])).toMatchObject({
      confidence: 'likely',
      actor: claimed,
      correlationId: 'c',
    });
  });

  it('is whom the records prove, whatever an event claimed', () => {
    const attribution = {
      ...attributionOf(step({})),
      confidence: 'proved' as const,
      actor: { ...remediator, userPrincipalName: null },
    };
    const recorded = { key: account().key, attribution, transitions: [{ rule: 'identity-not-bypassed', number: 1 }] };

    expect(toldActor(attributionOf(step({}), [recorded]))).toEqual({ actor: remediator, actorConfidence: 'proved' });
    expect(toldActor(attributionOf(step({ number: 2 }), [recorded])).actorConfidence).toBe('likely');
  });
});
