import { describe, expect, it } from 'vitest';
import { chainProblem } from '../../../domain/findings/waiver-chain.ts';
import type { Waiver, WaiverScope } from '../../../domain/findings/waiver.ts';
import { day, person, waiver } from './live.ts';

/** The first instant of a day, so that ends can be counted in whole days. */
const start = Date.UTC(2026, 10, 21);
const rule: WaiverScope = { kind: 'rule', rule: 'mfa-excluded' };

/** Holds from one day of the estate's time to before another. */
function lasting(from: number, until: number, over: Partial<Waiver> = {}): Waiver {
  return waiver({ scope: rule, from: start + from * day, until: start + until * day, ...over });
}

function isRefused(asked: Waiver, ...stored: Waiver[]): boolean {
  return chainProblem(asked, stored, asked.from) !== null;
}

describe('Waivers of one scope, one after another,', () => {
  it('cover a core rule for 365 days after the first day, and no more', () => {
    expect(isRefused(lasting(100, 366), lasting(0, 200))).toBe(false);
    expect(isRefused(lasting(100, 367), lasting(0, 200))).toBe(true);
  });

  it('are one chain where one ends as the next begins, and over several links, those too that are over', () => {
    expect(isRefused(lasting(200, 367), lasting(0, 200))).toBe(true);
    expect(isRefused(lasting(300, 400), lasting(0, 150), lasting(150, 310))).toBe(true);
  });

  it('are a chain as well where the new one fills the gap between two', () => {
    expect(isRefused(lasting(200, 300), lasting(0, 200), lasting(300, 400))).toBe(true);
  });

  it('begin anew after a day on which none held, and what they covered was open', () => {
    expect(isRefused(lasting(201, 400), lasting(0, 200))).toBe(false);
  });

  it('begin anew where the former was taken back, which opened what it covered', () => {
    const removed = { by: person, at: start + 100 * day };
    expect(isRefused(lasting(100, 400), lasting(0, 200, { removed }))).toBe(false);
  });

  it('are a chain through one that was taken back while another held', () => {
    const removed = { by: person, at: start + 100 * day };
    expect(isRefused(lasting(150, 400), lasting(0, 200, { removed }), lasting(50, 200))).toBe(true);
  });

  it('may go on for as long as they like for a rule that is no core rule, and are none of another scope', () => {
    const other: WaiverScope = { kind: 'rule', rule: 'share-permission-assigned' };
    expect(isRefused(lasting(100, 900, { scope: other }), lasting(0, 200, { scope: other }))).toBe(false);
    expect(isRefused(lasting(100, 400), lasting(0, 200, { scope: { kind: 'rule', rule: 'consent-granted' } }))).toBe(
      false,
    );
  });

  it('do not count one that nobody approved in its time', () => {
    expect(isRefused(lasting(200, 400), lasting(0, 200, { approval: { state: 'pending' } }))).toBe(false);
    expect(isRefused(lasting(100, 400), lasting(0, 200, { approval: { state: 'pending' } }))).toBe(true);
  });
});
