import { describe, expect, it } from 'vitest';
import { acknowledge, NoteInvalid, unacknowledge } from '../../../domain/audit/acknowledge.ts';
import { accountTags } from '../../../domain/audit/account-tags.ts';
import { auditAccount } from '../../../domain/audit/audit-account.ts';
import { FindingFromNewerVersion, FindingRefuses, FindingUnknown } from '../../../domain/audit/change-finding.ts';
import { planAudit } from '../../../domain/audit/plan-audit.ts';
import { FindingConflict } from '../../../domain/audit/ports.ts';
import {
  approveWaiver,
  listWaivers,
  scopeOfFinding,
  unwaive,
  waive,
  type WaivePorts,
  WaiverUnknown,
} from '../../../domain/audit/waive.ts';
import { WaiverRefuses } from '../../../domain/audit/store-waiver.ts';
import type { Actor, Cause } from '../../../domain/findings/finding.ts';
import { WaiverInvalid, type WaiverRequest } from '../../../domain/findings/new-waiver.ts';
import { guid, now, settings } from '../build.ts';
import { directoryOf, kerberosAccount, onlyRules } from '../estate.ts';
import { Crash } from '../faults.ts';
import { memoryPorts, type MemoryPorts } from '../memory-ports.ts';
import { waiverIds } from '../waiver-ids.ts';

const jo: Actor = { kind: 'user', objectId: guid(0x70) };
const sam: Actor = { kind: 'user', objectId: guid(0x71) };
const cause: Cause = { kind: 'event', id: 'event-1', actor: { kind: 'unknown', objectId: null } };
const rules = onlyRules('consent-granted');
const quiet = settings({ rules, remediation: { 'grant-consent': 'off' } });
const profiles = kerberosAccount('profiles');
const homes = { ...kerberosAccount('homes', 3), tags: { Env: 'Test' } };
const day = 24 * 3_600_000;

/** Two accounts without consent, each with its finding open. */
async function estate(): Promise<MemoryPorts & Pick<WaivePorts, 'waiverId' | 'accountTags'>> {
  const ports = memoryPorts([profiles, homes], directoryOf(['profiles', 'homes'], []));
  await ports.store.runs.markBaselined([profiles.subscriptionId, homes.subscriptionId, '-']);
  await auditBoth(ports);
  return { ...ports, waiverId: waiverIds(), accountTags: () => accountTags(ports) };
}

async function auditBoth(ports: MemoryPorts): Promise<void> {
  ports.world.now += 1000;
  for (const { id } of [profiles, homes]) await auditAccount(id, cause, quiet, ports);
}

function statesOf(ports: MemoryPorts): readonly string[] {
  return ports.store
    .all()
    .map(({ account, state }) => `${account?.name ?? '-'} ${state}`)
    .sort();
}

async function toldOf(ports: MemoryPorts): Promise<readonly string[]> {
  const entries = await Promise.all(
    [profiles, homes].map(({ subscriptionId }) => Array.fromAsync(ports.store.outbox.entries(subscriptionId))),
  );
  return entries
    .flat()
    .flatMap(({ effects }) =>
      effects.flatMap((effect) =>
        effect.kind === 'alert' ? [`${effect.alert.transition} ${effect.alert.findingIds.join()}`] : [],
      ),
    );
}

function request(over: Partial<WaiverRequest> = {}): WaiverRequest {
  return {
    scope: { kind: 'finding', key: profiles.key, rule: 'consent-granted' },
    reason: 'Migration',
    owner: 'Storage',
    until: new Date(now + 30 * day).toISOString(),
    ...over,
  };
}

describe('Acknowledging', () => {
  const ack = { findingId: 'profiles/consent-granted', note: 'On it', by: jo };

  it('marks the finding, in history with the person, and tells nobody', async () => {
    const ports = await estate();
    const { transition } = await acknowledge({ ...ack, findingId: 'PROFILES/consent-granted' }, ports);

    expect(transition).toMatchObject({ kind: 'acknowledged', note: 'On it', cause: { kind: 'person', actor: jo } });
    expect(statesOf(ports)).toEqual(['homes open', 'profiles acknowledged']);
    expect(await toldOf(ports)).toEqual(['opened profiles/consent-granted', 'opened homes/consent-granted']);
  });

  it('again changes nothing, and neither does taking back what is not there', async () => {
    const ports = await estate();
    expect((await unacknowledge(ack, ports)).transition).toBeNull();
    await acknowledge(ack, ports);
    expect((await acknowledge({ ...ack, note: 'Still' }, ports)).transition).toBeNull();
    await unacknowledge(ack, ports);
    expect(statesOf(ports)).toEqual(['homes open', 'profiles open']);
  });

  it('needs a note, a finding, and one that is open', async () => {
    const ports = await estate();
    await expect(acknowledge({ ...ack, note: ' ' }, ports)).rejects.toThrow(NoteInvalid);
    await expect(acknowledge({ ...ack, findingId: 'x/y' }, ports)).rejects.toThrow(FindingUnknown);
    await waive(request(), jo, quiet, ports);
    await expect(acknowledge(ack, ports)).rejects.toThrow(FindingRefuses);
    await expect(unacknowledge(ack, ports)).rejects.toThrow(/is waived/);
  });

  it('decides anew when somebody else was first, and gives up after five tries', async () => {
    const ports = await estate();
    ports.store.conflictsAhead = 4;
    expect((await acknowledge(ack, ports)).transition?.kind).toBe('acknowledged');
    ports.store.conflictsAhead = 5;
    await expect(unacknowledge(ack, ports)).rejects.toThrow(FindingConflict);
  });

  it('by two people at once is one acknowledgement', async () => {
    const ports = await estate();
    const both = await Promise.all([jo, sam].map((by) => acknowledge({ ...ack, by }, ports)));

    expect(both.filter(({ transition }) => transition !== null)).toHaveLength(1);
    expect(ports.store.all().find(({ state }) => state === 'acknowledged')?.transitions).toBe(2);
  });

  it('at the same time as a repair that is seen leaves one of them to decide anew', async () => {
    const ports = await estate();
    ports.world.directory = directoryOf(['profiles', 'homes']);
    ports.world.now += 1000;
    const [audited] = await Promise.allSettled([
      auditAccount(profiles.id, cause, quiet, ports),
      acknowledge(ack, ports),
    ]);

    expect(audited.status).toBe('fulfilled');
    expect(statesOf(ports)).toContain('profiles resolved');
  });

  it('refuses what a newer version wrote, with a word about it, and leaves it', async () => {
    const ports = await estate();
    const [stored] = await ports.store.findings.find('profiles/consent-granted');
    if (stored === undefined) throw new Error('not there');
    const newer = { ...stored.finding, state: 'quarantined' } as never;
    await ports.store.findings.commit(profiles.subscriptionId, [
      { finding: newer, version: stored.version, transition: null, effects: [] },
    ]);

    await expect(acknowledge(ack, ports)).rejects.toThrow(FindingFromNewerVersion);
    await auditBoth(ports);
    expect(statesOf(ports)).toEqual(['homes open', 'profiles quarantined']);
    expect((await Array.fromAsync(ports.store.findings.list())).map(({ state }): string => state)).toContain(
      'quarantined',
    );
  });
});

describe('Waiving', () => {
  it('while an audit is about to read the findings holds: its waivers are those of after', async () => {
    const ports = await estate();
    const read: typeof ports.findings.read = async (...asked) => {
      if (ports.store.all().every(({ state }) => state === 'open')) await waive(request(), jo, quiet, ports);
      return ports.findings.read(...asked);
    };
    ports.world.now += 1000;
    await auditAccount(profiles.id, cause, quiet, { ...ports, findings: { ...ports.findings, read } });

    expect(statesOf(ports)).toEqual(['homes open', 'profiles waived']);
  });

  it.each<[string, WaiverRequest['scope'], readonly string[]]>([
    ['a finding', request().scope, ['homes open', 'profiles waived']],
    ['an account', { kind: 'account', accountKey: homes.key, rule: null }, ['homes waived', 'profiles open']],
    [
      'a subscription',
      { kind: 'subscription', subscriptionId: guid(3), rule: null },
      ['homes waived', 'profiles open'],
    ],
    ['a rule', { kind: 'rule', rule: 'consent-granted' }, ['homes waived', 'profiles waived']],
    ['another rule', { kind: 'rule', rule: 'mfa-excluded' }, ['homes open', 'profiles open']],
  ])('%s waives what it covers at once, and the next audit leaves it so', async (_what, scope, states) => {
    const ports = await estate();
    await waive(request({ scope }), jo, quiet, ports);

    expect(statesOf(ports)).toEqual(states);
    await auditBoth(ports);
    expect(statesOf(ports)).toEqual(states);
    expect(await toldOf(ports)).toHaveLength(2);
  });

  it('by tag goes by the tags that the latest run read, and by those of the audit after it', async () => {
    const byTag = request({ scope: { kind: 'tag', name: 'env', value: 'TEST', rule: null } });
    const unread = await estate();
    await waive(byTag, jo, quiet, unread);
    expect(statesOf(unread)).toEqual(['homes open', 'profiles open']);
    await auditBoth(unread);
    expect(statesOf(unread)).toEqual(['homes waived', 'profiles open']);

    const read = await estate();
    await planAudit('run-1', quiet, read);
    await waive(byTag, jo, quiet, read);
    expect(statesOf(read)).toEqual(['homes waived', 'profiles open']);
  });

  it('lets a new fault open as waived without an alert or a job', async () => {
    const ports = await estate();
    await waive(request({ scope: { kind: 'rule', rule: 'consent-granted' } }), jo, quiet, ports);
    const added = kerberosAccount('added');
    ports.world.readings.set(added.key, {
      state: 'found',
      account: added,
      fileServices: { state: 'known', items: [] },
    });
    ports.world.directory = directoryOf(['profiles', 'homes', 'added'], []);
    const automatic = settings({ rules, remediation: { 'grant-consent': 'auto' } });
    await auditAccount(added.id, cause, automatic, ports);

    const [stored] = await ports.store.findings.find('added/consent-granted');
    const entries = await Array.fromAsync(ports.store.outbox.entries(added.subscriptionId));
    expect(stored?.finding).toMatchObject({ state: 'waived', transitions: 1 });
    expect(entries.filter(({ transition }) => transition?.findingId === 'added/consent-granted')).toMatchObject([
      { effects: [] },
    ]);
  });

  it('of a finding that is closed, or being mended, is refused', async () => {
    const ports = await estate();
    expect(await scopeOfFinding('profiles/consent-granted', ports.findings)).toEqual(request().scope);
    ports.world.directory = directoryOf(['profiles', 'homes'], ['profiles']);
    await auditBoth(ports);
    await expect(scopeOfFinding('profiles/consent-granted', ports.findings)).rejects.toThrow(/is resolved/);
    ports.world.directory = directoryOf(['profiles', 'homes'], []);
    ports.world.now += 1000;
    await auditAccount(profiles.id, cause, settings({ rules, remediation: { 'grant-consent': 'auto' } }), ports);
    await expect(scopeOfFinding('profiles/consent-granted', ports.findings)).rejects.toThrow(/is being mended/);
  });

  it('that a crash cuts short is completed by the next audit', async () => {
    const ports = await estate();
    ports.faults.arm(5, 'before');
    await expect(
      waive(request({ scope: { kind: 'rule', rule: 'consent-granted' } }), jo, quiet, ports),
    ).rejects.toThrow(Crash);
    expect(statesOf(ports)).not.toEqual(['homes waived', 'profiles waived']);

    await auditBoth(ports);
    expect(statesOf(ports)).toEqual(['homes waived', 'profiles waived']);
    expect(await toldOf(ports)).toHaveLength(2);
  });

  it('that a crash cuts short is completed by whoever asks for it again, who is told that it is there', async () => {
    const ports = await estate();
    const byRule = request({ scope: { kind: 'rule', rule: 'consent-granted' } });
    ports.faults.arm(5, 'before');
    await expect(waive(byRule, jo, quiet, ports)).rejects.toThrow(Crash);
    expect(await ports.waivers.all()).toHaveLength(1);

    await expect(waive(byRule, sam, quiet, ports)).rejects.toThrow(/w1 already covers/u);
    expect(statesOf(ports)).toEqual(['homes waived', 'profiles waived']);
    expect(ports.store.all().map(({ waiver }) => waiver?.id)).toEqual(['w1', 'w1']);
  });

  it('with approval holds once another person has given it', async () => {
    const ports = await estate();
    const careful = { waivers: { requireApproval: true, warnDays: 15 } };
    const { waiver } = await waive(request(), jo, careful, ports);
    await auditBoth(ports);
    expect(statesOf(ports)).toEqual(['homes open', 'profiles open']);

    await expect(approveWaiver(waiver.id, jo, ports)).rejects.toThrow(/another person/);
    await expect(approveWaiver(waiver.id, { kind: 'unknown', objectId: null }, ports)).rejects.toThrow(WaiverRefuses);
    const { transitions } = await approveWaiver(waiver.id, sam, ports);
    expect(transitions).toMatchObject([{ kind: 'waived', cause: { actor: sam } }]);
    expect(statesOf(ports)).toEqual(['homes open', 'profiles waived']);
    await expect(approveWaiver(waiver.id, sam, ports)).rejects.toThrow(/waits for no approval/);
    await expect(approveWaiver('w9', sam, ports)).rejects.toThrow(WaiverUnknown);
  });

  it('is listed with whether it holds', async () => {
    const ports = await estate();
    const careful = { waivers: { requireApproval: true, warnDays: 15 } };
    await waive(request(), jo, quiet, ports);
    await waive(request({ owner: 'Identity' }), jo, careful, ports);
    await waive(request({ owner: 'Files', from: new Date(now + day).toISOString() }), jo, quiet, ports);
    await unwaive('w1', jo, ports);

    expect((await listWaivers(ports.waivers, ports.now())).map(({ waiver, state }) => [waiver.id, state])).toEqual([
      ['w1', 'over'],
      ['w2', 'pending'],
      ['w3', 'later'],
    ]);
  });
});

describe('A waiver that another one makes needless', () => {
  const byRule = request({ scope: { kind: 'rule', rule: 'consent-granted' } });
  const careful = { waivers: { requireApproval: true, warnDays: 15 } };
  const until = (days: number): string => new Date(now + days * day).toISOString();

  it.each<[string, Partial<WaiverRequest>]>([
    ['with the same end', {}],
    ['with an earlier end', { until: until(29) }],
    ['for another reason', { reason: 'Still the migration' }],
    ['that begins later', { from: until(1) }],
  ])('is refused %s, with the id of the other, and nothing is stored', async (_, over) => {
    const ports = await estate();
    await waive(byRule, jo, quiet, ports);
    const again = waive({ ...byRule, ...over }, sam, quiet, ports);

    await expect(again).rejects.toThrow(WaiverRefuses);
    await expect(again).rejects.toThrow(/^Waiver w1 already covers consent-granted everywhere until the end of /u);
    expect((await ports.waivers.all()).map(({ waiver }) => waiver.id)).toEqual(['w1']);
  });

  it.each<[string, Partial<WaiverRequest>]>([
    ['ends later', { until: until(31) }],
    ['has another owner', { owner: 'Identity' }],
    ['is about something else', { scope: { kind: 'rule', rule: 'mfa-excluded' } }],
    ['is about less', { scope: request().scope }],
  ])('is given all the same when it %s', async (_, over) => {
    const ports = await estate();
    await waive(byRule, jo, quiet, ports);
    expect((await waive({ ...byRule, ...over }, jo, quiet, ports)).waiver.id).toBe('w2');
  });

  it.each<[string, (ports: Awaited<ReturnType<typeof estate>>) => Promise<unknown>]>([
    ['was taken back', (ports) => unwaive('w1', jo, ports)],
    ['has ended', (ports) => Promise.resolve((ports.world.now += 31 * day))],
  ])('is given when the other %s', async (_, end) => {
    const ports = await estate();
    await waive(byRule, jo, quiet, ports);
    await end(ports);
    expect((await waive({ ...byRule, until: until(60) }, jo, quiet, ports)).waiver.id).toBe('w2');
  });

  it('is given when the other waits for its approval and this one needs none; two that wait are one too many', async () => {
    const ports = await estate();
    await waive(byRule, jo, careful, ports);
    await expect(waive(byRule, jo, careful, ports)).rejects.toThrow(/w1 already asks for/u);
    expect((await waive(byRule, jo, quiet, ports)).transitions).toHaveLength(2);
  });

  it('is refused where it would go on for more than a year without a day on which the fault opens', async () => {
    const ports = await estate();
    await waive({ ...byRule, until: until(200) }, jo, quiet, ports);
    ports.world.now += 100 * day;

    await expect(waive({ ...byRule, until: until(400) }, sam, quiet, ports)).rejects.toThrow(WaiverInvalid);
    expect((await waive({ ...byRule, until: until(365) }, sam, quiet, ports)).waiver.id).toBe('w2');
  });

  it('is given when the other begins later', async () => {
    const ports = await estate();
    await waive({ ...byRule, from: until(1) }, jo, quiet, ports);
    expect((await waive(byRule, jo, quiet, ports)).waiver.id).toBe('w2');
  });

  it('is given when a fault that got worse has broken the other', async () => {
    const ports = await estate();
    await waive(byRule, jo, quiet, ports);
    await makeWaivedForLess(ports);
    await auditBoth(ports);
    expect(statesOf(ports)).toEqual(['homes waived', 'profiles open']);

    ports.world.now += 1000;
    await waive(byRule, jo, quiet, ports);
    expect(statesOf(ports)).toEqual(['homes waived', 'profiles waived']);
  });

  it.each([
    ['covers what got worse by a clock that is a minute ahead', 60_000, 'profiles waived'],
    [
      'does not cover what got worse in the minutes that giving it took: nobody accepted that',
      5 * 60_000,
      'profiles open',
    ],
  ])('%s', async (_, laterMs, state) => {
    const ports = await estate();
    await waive(byRule, jo, quiet, ports);
    let left = 1;
    const insert: typeof ports.waivers.insert = async (given) => {
      const isNew = await ports.waivers.insert(given);
      if ((left -= 1) !== 0) return isNew;
      ports.world.now += laterMs;
      await makeWaivedForLess(ports);
      await auditBoth(ports);
      return isNew;
    };
    ports.world.now += 1000;
    await waive({ ...byRule, owner: 'Identity' }, jo, quiet, { ...ports, waivers: { ...ports.waivers, insert } });

    expect(statesOf(ports)).toContain(state);
  });
});

describe('The same waiver, asked for at the same time', () => {
  const byRule = request({ scope: { kind: 'rule', rule: 'consent-granted' } });
  type Estate = Awaited<ReturnType<typeof estate>>;

  /** Five people, of whom nobody sees what another has stored until all have looked. */
  async function five(ports: Estate, over: (one: number) => Partial<WaiverRequest> = () => ({})): Promise<unknown[]> {
    const asked = Array.from({ length: 5 }, (_, one) => waive({ ...byRule, ...over(one) }, sam, quiet, ports));
    return (await Promise.allSettled(asked)).map((each) =>
      each.status === 'fulfilled' ? each.value.waiver.id : (each.reason as Error).message.slice(0, 24),
    );
  }

  it('is stored once, whatever its reason; whoever was later is told which it is', async () => {
    const ports = await estate();
    const outcomes = await five(ports, (one) => ({ reason: `Reason ${String(one)}` }));
    expect(outcomes.sort()).toEqual([...Array.from({ length: 4 }, () => 'Waiver w1 already covers'), 'w1']);
    expect(await ports.waivers.all()).toHaveLength(1);
    expect(statesOf(ports)).toEqual(['homes waived', 'profiles waived']);
  });

  it('is stored once by each instance of the app whose clock says another now', async () => {
    const ports = await estate();
    const clocks = [2, 0, 1].map((ahead) => ({ ...ports, now: () => ports.now() + ahead }));
    const outcomes = await Promise.allSettled(clocks.map((one) => waive(byRule, jo, quiet, one)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await ports.waivers.all()).toHaveLength(1);
  });

  it.each<[string, (ports: Estate) => Promise<unknown>]>([
    ['taken back', (ports) => unwaive('w1', jo, ports)],
    ['broken by a fault that got worse', async (ports) => makeWaivedForLess(ports).then(() => auditBoth(ports))],
  ])('is stored once more where the one before was %s', async (_, end) => {
    const ports = await estate();
    await waive(byRule, jo, quiet, ports);
    await end(ports);
    ports.world.now += 1000;
    const outcomes = await five(ports);
    expect(outcomes.filter((each) => each === 'w2')).toHaveLength(1);
    expect((await ports.waivers.all()).map(({ waiver }) => waiver.id)).toEqual(['w1', 'w2']);
    expect(statesOf(ports)).toEqual(['homes waived', 'profiles waived']);
  });

  it('with another end, owner or beginning is another', async () => {
    const ports = await estate();
    const others = [{}, { owner: 'Identity' }, { until: new Date(now + 31 * day).toISOString() }];
    const outcomes = await five(ports, (one) => others[one] ?? { from: new Date(now + day).toISOString() });
    expect(outcomes.filter((each) => String(each).startsWith('w'))).toHaveLength(4);
    expect(await ports.waivers.all()).toHaveLength(4);
  });

  it('is stored under the next id where another row has the one that it would have', async () => {
    const ports = await estate();
    await waive(byRule, jo, quiet, ports);
    const hidden = { ...ports.waivers, all: () => Promise.resolve([]) };
    expect((await waive(byRule, jo, quiet, { ...ports, waivers: hidden })).waiver.id).toBe('w2');
  });

  it('is given up where each of its ids is taken', async () => {
    const ports = await estate();
    const taken = { ...ports.waivers, insert: () => Promise.resolve(false) };
    await expect(waive(byRule, jo, quiet, { ...ports, waivers: taken })).rejects.toThrow(WaiverRefuses);
  });
});

/** The waiver of profiles was given for a milder fault than the one that is there. */
async function makeWaivedForLess(ports: MemoryPorts): Promise<void> {
  const [stored] = await ports.store.findings.find('profiles/consent-granted');
  if (!stored?.finding.waiver) throw new Error('not waived');
  const { standing } = stored.finding.waiver;
  const waiver = { ...stored.finding.waiver, standing: { ...standing, severity: 'low' } as const };
  await ports.store.findings.commit(profiles.subscriptionId, [
    { finding: { ...stored.finding, waiver }, version: stored.version, transition: null, effects: [] },
  ]);
}

describe('Taking a waiver back', () => {
  it('has what opens again planned with it', async () => {
    const ports = await estate();
    await waive(request(), jo, quiet, ports);
    await unwaive('w1', sam, ports);

    const entries = await Array.fromAsync(ports.store.outbox.entries(profiles.subscriptionId));
    const works = entries.flatMap(({ effects }) => effects.flatMap((one) => (one.kind === 'work' ? [one.work] : [])));
    expect(works).toEqual([
      {
        kind: 'plan-repair',
        repair: { of: 'account', accountId: profiles.key, rule: 'consent-granted' },
        correlationId: 'w1',
      },
    ]);
  });

  it('opens what it covered, in a new episode, and tells who did it', async () => {
    const ports = await estate();
    await waive(request(), jo, quiet, ports);
    const { waiver, transitions } = await unwaive('w1', sam, ports);

    expect(waiver.removed).toEqual({ by: sam, at: ports.now() });
    expect(transitions).toMatchObject([{ kind: 'waiver-ended', episode: 2, cause: { kind: 'person', actor: sam } }]);
    expect(await toldOf(ports)).toContain('reopened profiles/consent-granted');
  });

  it('leaves what another waiver covers under that one', async () => {
    const ports = await estate();
    await waive(request({ scope: { kind: 'rule', rule: 'consent-granted' } }), jo, quiet, ports);
    await waive(request(), jo, quiet, ports);
    const { transitions } = await unwaive('w2', jo, ports);

    expect(transitions).toMatchObject([{ kind: 'waived', note: 'Waiver w1' }]);
    expect(statesOf(ports)).toEqual(['homes waived', 'profiles waived']);
  });

  it('does not bring back a waiver that the fault has broken', async () => {
    const ports = await estate();
    await waive(request({ scope: { kind: 'rule', rule: 'consent-granted' } }), jo, quiet, ports);
    await makeWaivedForLess(ports);
    await auditBoth(ports);
    expect(statesOf(ports)).toEqual(['homes waived', 'profiles open']);

    ports.world.now += 1000;
    await waive(request(), jo, quiet, ports);
    expect(statesOf(ports)).toEqual(['homes waived', 'profiles waived']);
    await unwaive('w2', jo, ports);
    expect(statesOf(ports)).toEqual(['homes waived', 'profiles open']);
    await auditBoth(ports);
    expect(statesOf(ports)).toEqual(['homes waived', 'profiles open']);
  });

  it('again finishes what a crash left, and is refused for one that ended by itself', async () => {
    const ports = await estate();
    await waive(request(), jo, quiet, ports);
    ports.faults.arm(3, 'before');
    await expect(unwaive('w1', jo, ports)).rejects.toThrow(Crash);
    await unwaive('w1', jo, ports);
    expect(statesOf(ports)).toEqual(['homes open', 'profiles open']);
    const takenBackAt = new Date(ports.now()).toISOString().slice(0, 19);
    ports.world.now += day;
    await expect(unwaive('w1', sam, ports)).rejects.toThrow(
      `Waiver w1 was taken back already, on ${takenBackAt}Z; nothing changed`,
    );

    await waive(request(), jo, quiet, ports);
    ports.world.now += 31 * day;
    await expect(unwaive('w2', jo, ports)).rejects.toThrow(/ended by itself/);
  });
});
