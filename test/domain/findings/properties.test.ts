import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertOf } from '../../../domain/findings/alert.ts';
import { isFaulty } from '../../../domain/findings/lifecycle.ts';
import { holds, type Waiver } from '../../../domain/findings/waiver.ts';
import { now } from '../build.ts';
import {
  acknowledged,
  clean,
  day,
  type Event,
  goOn,
  live,
  type Life,
  under,
  unreadable,
  verdict,
  waiver,
} from './live.ts';

const hours = fc.integer({ min: 0, max: 20 });

/** Waivers that begin and end at different times of a life that lasts some days; some are taken back. */
const waivers: fc.Arbitrary<readonly Waiver[]> = fc
  .array(
    fc.record({
      id: fc.constantFrom('w1', 'w2', 'w3'),
      from: fc.integer({ min: 0, max: 2 }).map((days) => now + days * day),
      until: fc.integer({ min: 0, max: 5 }).map((days) => now + days * day),
      removed: fc.boolean(),
    }),
    { maxLength: 3 },
  )
  .map((all) =>
    [...new Map(all.map((one) => [one.id, one])).values()].map(({ removed, ...over }) =>
      waiver({
        ...over,
        createdAt: over.from,
        removed: removed ? { by: { kind: 'user', objectId: 'p' }, at: over.from } : null,
      }),
    ),
  );

const seen = fc
  .record({
    outcome: fc.constantFrom('pass', 'fail', 'warn', 'unknown', 'not-applicable' as const),
    severity: fc.constantFrom('critical', 'high', 'low' as const),
    deciders: fc.constantFrom(['a'], ['b'], ['a', 'b']),
  })
  .map((over) => verdict(over));

const events: fc.Arbitrary<readonly Event[]> = waivers.chain((all) =>
  fc.array(
    fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({
          sees: fc.oneof(seen, fc.constant(unreadable)),
          after: hours,
          waivers: fc.constant(under(...all)),
        }),
      },
      fc.record({ absent: fc.constant(true as const), after: hours, waivers: fc.constant(under(...all)) }),
      fc.record({ does: fc.constant(acknowledged), after: hours }),
      fc.record({ does: fc.constant({ kind: 'acknowledgement-withdrawn' } as const), after: hours }),
      ...all
        .slice(0, 1)
        .map((one) => fc.record({ does: fc.constant({ kind: 'waived', waiver: one } as const), after: hours })),
    ),
    { maxLength: 14 },
  ),
);

/** Every life on the way, the beginning left out. */
function livesOf(all: readonly Event[]): readonly Life[] {
  return all.map((_, index) => live(...all.slice(0, index + 1)));
}

describe('Whatever happens to a finding', () => {
  it('its history, played from the beginning, ends where it is', () => {
    fc.assert(
      fc.property(events, (all) => {
        const { finding, transitions } = live(...all);
        for (const [index, { number, before, at }] of transitions.entries()) {
          expect(number).toBe(index + 1);
          expect(before).toEqual(transitions[index - 1]?.after ?? null);
          expect(at).toBeGreaterThanOrEqual(transitions[index - 1]?.at ?? 0);
        }
        const last = transitions.at(-1);
        expect(last?.after.state ?? null).toBe(finding?.state ?? null);
        expect(last?.episode ?? 0).toBe(finding?.episode ?? 0);
        expect(finding?.transitions ?? 0).toBe(transitions.length);
      }),
    );
  });

  it('it never closes by what could not be read, nor by what a person does', () => {
    fc.assert(
      fc.property(events, fc.constantFrom<Event>({ sees: unreadable }, { does: acknowledged }), (all, last) => {
        const before = live(...all);
        const after = goOn(before, last);
        expect(isFaulty(after.finding?.state ?? 'gone')).toBe(isFaulty(before.finding?.state ?? 'gone'));
      }),
    );
  });

  it('after an audit it is waived only under a waiver that holds at that time', () => {
    fc.assert(
      fc.property(events, (all) => {
        for (const [index, { finding, at }] of livesOf(all).entries()) {
          const event = all[index];
          if (finding?.state !== 'waived' || event?.waivers === undefined) continue;
          const under = event.waivers.all.find(({ id }) => id === finding.waiver?.id);
          expect(under !== undefined && holds(under, at)).toBe(true);
        }
      }),
    );
  });

  it('seeing the same again changes nothing, and neither does an audit that comes late', () => {
    fc.assert(
      fc.property(events, seen, waivers, (all, what, given) => {
        const once = goOn(live(...all), { sees: what, waivers: under(...given) });
        const twice = goOn(once, { after: 0, sees: what, waivers: under(...given) });
        const late = goOn(once, { after: 0, sees: clean, factsAge: 1000, waivers: under(...given) });

        expect(twice).toEqual(once);
        expect(late).toEqual(once);
      }),
    );
  });

  // Where the younger one found nothing to write, the read of the account that is kept beside it keeps the older one away.
  it('what a younger audit changed, an older one that comes after it does not change back', () => {
    fc.assert(
      fc.property(events, seen, seen, (all, older, younger) => {
        const before = live(...all);
        const after = goOn(before, { after: 2, sees: younger });
        fc.pre(after.finding !== before.finding);

        expect(goOn(after, { after: 0, sees: older, factsAge: 1 })).toEqual(after);
      }),
    );
  });

  it('nobody is told twice of one transition, and of a waived finding only that it is worse or open again', () => {
    fc.assert(
      fc.property(events, (all) => {
        const { finding, transitions } = live(...all);
        if (finding === null) return;
        const alerts = transitions.flatMap((transition) => alertOf(finding, transition) ?? []);
        expect(new Set(alerts.map(({ id }) => id)).size).toBe(alerts.length);
        for (const transition of transitions.filter(({ after }) => after.state === 'waived')) {
          expect(alertOf(finding, transition)).toBeNull();
        }
      }),
    );
  });
});
