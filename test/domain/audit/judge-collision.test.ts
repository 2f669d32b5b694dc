import { describe, expect, it } from 'vitest';
import { judgeCollision } from '../../../domain/audit/judge-collision.ts';
import { judgeCoverage } from '../../../domain/audit/judge-coverage.ts';
import type { Collision } from '../../../domain/model/collision.ts';
import { guid, now, settings } from '../build.ts';
import { memoryPorts } from '../memory-ports.ts';

const collision: Collision = {
  jobId: 'j1',
  attempt: 1,
  action: 'exclude-app-from-policy',
  target: { type: 'conditionalAccessPolicy', id: guid(0x100).toUpperCase(), name: 'Require MFA' },
  wanted: { '/displayName': 'Require MFA' },
  found: { '/displayName': 'Renamed' },
  at: now,
  cleared: false,
};

describe('A collision that the remediator tells of', () => {
  it('opens one critical finding about the object, with both values and an alert', async () => {
    const ports = memoryPorts([]);

    await judgeCollision(collision, settings(), ports);
    await judgeCollision(collision, settings(), ports);

    expect(ports.store.all()).toMatchObject([
      {
        id: `-/remediation-collision/${guid(0x100)}`,
        state: 'open',
        severity: 'critical',
        transitions: 1,
        evidence: { wanted: collision.wanted, found: collision.found, action: collision.action },
      },
    ]);
    const entries = await Array.fromAsync(ports.store.outbox.entries('-'));
    expect(entries.flatMap(({ effects }) => effects.map(({ kind }) => kind))).toContain('alert');
  });

  it('is closed when a person has released the action, and not by a night', async () => {
    const ports = memoryPorts([]);
    await judgeCollision(collision, settings(), ports);
    const coverage = [
      { collection: 'applications', place: 'tenant', rows: 1, pages: 1, readAt: now, gaps: [] },
    ] as never;
    await judgeCoverage({ id: 'run-2', startedAt: now }, coverage, false, settings(), ports);
    expect(ports.store.all()).toMatchObject([{ state: 'open' }]);

    await judgeCollision({ ...collision, cleared: true, at: now + 1 }, settings(), ports);
    expect(ports.store.all()).toMatchObject([{ state: 'resolved' }]);
  });
});
