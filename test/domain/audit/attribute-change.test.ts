import { describe, expect, it } from 'vitest';
import { attributeChange } from '../../../domain/audit/attribute-change.ts';
import type { AuditWork } from '../../../domain/audit/work.ts';
import type { Transition } from '../../../domain/findings/finding.ts';
import { account, guid, now, settings } from '../build.ts';
import { change, pipeline, record, source } from '../drift/build-change.ts';
import { memoryPorts, type MemoryPorts } from '../memory-ports.ts';

const work = {
  kind: 'attribute',
  accountId: account().id,
  changeId: 'change-1',
  attempt: 1,
} as const satisfies AuditWork;
const named = settings({ privacy: { userPrincipalName: true } });

async function noticed(over: Parameters<typeof change>[0] = {}): Promise<MemoryPorts> {
  const ports = memoryPorts([]);
  await ports.changes.append(change(over));
  ports.world.now = now + 5 * 60_000;
  return ports;
}

function transition(rule: string, over: Partial<Transition> = {}): Transition {
  const after = { state: 'open', outcome: 'fail', severity: 'high', deciders: [] } as const;
  const { key, cause, at } = change();
  return {
    findingId: `a/${rule}`,
    key,
    rule,
    number: 3,
    kind: 'opened',
    at,
    cause,
    before: null,
    after,
    title: '',
    episode: 1,
    ...over,
  };
}

describe('Looking who made a change', () => {
  it('writes what the record proves beside the change and the transitions that it explains, and tells nobody', async () => {
    const ports = await noticed();
    for (const one of [
      transition('single-ad-source'),
      transition('sp-password-expiry', { number: 4 }),
      transition('identity-not-bypassed', { cause: { ...change().cause, id: 'another-run' } }),
    ]) {
      await ports.history.append(one);
    }
    ports.drift.log = { state: 'read', records: [record()] };

    expect(await attributeChange(work, settings(), ports)).toBe('proved');
    expect(ports.drift.asked).toEqual([account().key]);
    expect(ports.drift.attributions()).toMatchObject([
      {
        changeId: 'change-1',
        key: account().key,
        attribution: { confidence: 'proved', correlationId: 'correlation-1' },
        // The identity source also decides whether a password matters; another run's transition is not explained.
        transitions: [
          { rule: 'single-ad-source', number: 3 },
          { rule: 'sp-password-expiry', number: 4 },
        ],
      },
    ]);
    expect(ports.sent.alerts).toEqual([]);
    expect(ports.sent.work).toEqual([]);
  });

  it('keeps the user principal name by setting only, the object id always', async () => {
    const actors = [];
    for (const given of [settings(), named]) {
      const ports = await noticed();
      ports.drift.log = { state: 'read', records: [record()] };
      await attributeChange(work, given, ports);
      actors.push(ports.drift.attributions()[0]?.attribution.actor);
    }

    expect(actors).toEqual([
      { kind: 'user', objectId: guid(0xad), userPrincipalName: null },
      { kind: 'user', objectId: guid(0xad), userPrincipalName: 'adele@contoso.com' },
    ]);
  });

  it('keeps no name of those who may have done it either', async () => {
    const ports = await noticed();
    const other = record({
      at: now - 60_000,
      actor: pipeline,
      touched: [{ name: `properties.${source}`, before: 'AD' }],
    });
    ports.drift.log = { state: 'read', records: [record(), other] };

    expect(await attributeChange(work, settings(), ports)).toBe('ambiguous');
    expect(ports.drift.attributions()[0]?.attribution).toMatchObject({
      confidence: 'unknown',
      candidates: [{ actor: { objectId: guid(0xad), userPrincipalName: null } }, { actor: pipeline }],
    });
  });

  it.each<[string, MemoryPorts['drift']['log']]>([
    ['no record has come', { state: 'read', records: [] }],
    ['the records cannot be read', { state: 'unreadable', reason: 'forbidden', needs: 'AuditLog.Read.All' }],
  ])('looks again after growing pauses for some hours where %s, and then leaves it as it is', async (_, log) => {
    const ports = await noticed();
    ports.drift.log = log;
    const pauses: number[] = [];
    let next: AuditWork | undefined = work;
    let outcome = '';
    while (next?.kind === 'attribute') {
      outcome = await attributeChange(next, settings(), ports);
      const sent = ports.sent.work.splice(0)[0];
      if (sent !== undefined) pauses.push((sent.notBefore ?? 0) - ports.world.now);
      next = sent?.work;
    }

    expect(outcome).toBe('given-up');
    expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
    expect(pauses.length).toBeGreaterThan(3);
    const hours = pauses.reduce((sum, pause) => sum + pause, 0) / 3_600_000;
    expect(hours).toBeGreaterThan(2);
    expect(hours).toBeLessThan(12);
    expect(ports.drift.attributions()).toEqual([]);
  });

  it('asks Entra about a change in Entra', async () => {
    const policies = [{ property: `app/${guid(0xa)}/policies`, before: [], after: [`${guid(0x100)} violation`] }];
    const ports = await noticed({ part: 'directory', properties: policies });
    ports.drift.log = {
      state: 'read',
      records: [
        record({
          source: 'directory-audits',
          operation: 'Add conditional access policy',
          touched: [{ name: guid(0x100), before: null }],
        }),
      ],
    };

    expect(await attributeChange(work, settings(), ports)).toBe('proved');
    expect(ports.drift.asked).toEqual([[guid(0x100)]]);
  });

  it('finds nothing to do for a change that history does not hold any more', async () => {
    expect(await attributeChange({ ...work, changeId: 'purged' }, settings(), await noticed())).toBe('gone');
  });

  it('twice is once', async () => {
    const ports = await noticed();
    ports.drift.log = { state: 'read', records: [record()] };
    await attributeChange(work, settings(), ports);
    ports.drift.log = { state: 'read', records: [record({ actor: pipeline })] };
    await attributeChange(work, settings(), ports);

    expect(ports.drift.attributions()).toHaveLength(1);
    expect(ports.drift.attributions()[0]?.attribution.actor.objectId).toBe(guid(0xad));
  });
});
