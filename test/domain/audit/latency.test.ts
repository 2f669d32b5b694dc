import { describe, expect, it } from 'vitest';
import { type AlertTimes, latencyByPlane, latencyFigures, latencyOf } from '../../../domain/audit/latency.ts';
import { now } from '../build.ts';

const times: AlertTimes = {
  alertId: 'a',
  channel: 'webhook',
  plane: 'storage',
  changedAt: now,
  changedAtIs: 'known',
  receivedAt: now + 700,
  dueAt: now + 30_000,
  storedAt: now + 30_400,
  handedOverAt: now + 30_550,
};

describe('How long an alert took', () => {
  it('is told in parts; the total leaves out the debounce, the time since the change does not', () => {
    expect(latencyOf(times)).toEqual({
      delivery: 700,
      debounce: 29_300,
      audit: 400,
      alert: 150,
      total: 550,
      sinceChange: 30_550,
    });
  });

  it('never runs backwards where clocks do', () => {
    const back = { ...times, receivedAt: now - 5, dueAt: now - 5, storedAt: now - 10, handedOverAt: now - 20 };

    expect(latencyOf(back)).toEqual({
      delivery: 0,
      debounce: 0,
      audit: 0,
      alert: 0,
      total: 0,
      sinceChange: 0,
    });
  });

  it('is summed up as the values that half, 95 % and 99 % of the alerts do not exceed', () => {
    const many = Array.from({ length: 200 }, (_, index) => ({
      ...times,
      handedOverAt: times.storedAt + 200 - index,
    }));

    expect(latencyFigures(many)).toMatchObject({
      alerts: 200,
      stages: { alert: { p50: 100, p95: 190, p99: 198 }, total: { p50: 500, p95: 590, p99: 598 } },
    });
  });

  it('is not made up where there was no alert', () => {
    expect(latencyFigures([])).toEqual({ alerts: 0, atMost: 0, stages: null });
  });

  it('is told for each plane, with how many rest on a bound', () => {
    const watched: AlertTimes = {
      ...times,
      plane: 'directory',
      changedAt: now - 300_000,
      changedAtIs: 'not-before',
      dueAt: now + 700,
    };

    expect(latencyByPlane([times, watched, { ...watched, changedAt: now, changedAtIs: 'known' }])).toMatchObject({
      storage: { alerts: 1, atMost: 0, stages: { sinceChange: { p95: 30_550 } } },
      directory: { alerts: 2, atMost: 1, stages: { sinceChange: { p50: 30_550, p95: 330_550 } } },
    });
  });
});
