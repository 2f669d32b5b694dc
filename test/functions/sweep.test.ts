import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { waive } from '../../domain/audit/waive.ts';
import type { Actor } from '../../domain/findings/finding.ts';
import { placeOf } from '../../domain/findings/place.ts';
import { connectStorage } from '../../infra/azure/tables/connection.ts';
import { createSweepLog } from '../../infra/azure/tables/sweep-log.ts';
import { createWaiverStore } from '../../infra/azure/tables/waiver-store.ts';
import { sha256 } from '../../infra/digest.ts';
import { tables } from '../../infra/names.ts';
import { waiverId } from '../../infra/waiver-id.ts';
import { noCredential } from '../infra/azure/tables/stored.ts';
import { eventually, startTestCloud, type TestCloud } from '../support/embedded-cloud.ts';

let test: TestCloud;

beforeAll(async () => {
  test = await startTestCloud();
});
afterAll(() => test.stop());

const jo: Actor = { kind: 'user', objectId: '70707070-7070-4070-8070-707070707070' };
const settings = { waivers: { requireApproval: false, warnDays: 15 } };

describe('A waiver on the embedded cloud', () => {
  it('holds through the night, ends with its time, and the finding is told again, once', async () => {
    const { cloud } = test;
    const storage = connectStorage(cloud.environment, { credential: noCredential });
    const waivers = createWaiverStore(storage.table(tables.waivers));
    const sweeps = createSweepLog(storage.table(tables.runs));
    const { findings } = cloud.store;
    const runs = async (count: number): Promise<unknown> =>
      eventually('the run', async () => {
        const all = await cloud.store.runs.latest(9);
        return all.length === count && all.every(({ finishedAt }) => finishedAt !== null) ? all : null;
      });
    const stateOf = async (id: string) => (await findings.find(id))[0]?.finding.state;
    await cloud.host.runTimer('nightly-audit');
    await runs(1);
    const [open] = (await Array.fromAsync(findings.list('open'))).filter(({ severity }) => severity === 'critical');
    if (open === undefined) throw new Error('The sample tenant has no critical finding');

    const until = Date.now() + 6000;
    const { waiver, transitions } = await waive(
      {
        scope: { kind: 'finding', key: placeOf(open).key, rule: open.rule },
        reason: 'Until the migration',
        owner: 'Storage team',
        until: new Date(until).toISOString(),
      },
      jo,
      settings,
      { findings, waivers, accountTags: () => Promise.resolve(() => null), now: Date.now, waiverId, digest: sha256 },
    );
    expect(transitions).toMatchObject([{ findingId: open.id, kind: 'waived' }]);
    await cloud.host.runTimer('nightly-audit');
    await runs(2);
    expect(await stateOf(open.id)).toBe('waived');

    await new Promise((done) => setTimeout(done, until - Date.now()));
    await cloud.host.runTimer('sweep');
    expect(await stateOf(open.id)).toBe('open');
    const told = await eventually('the alert', () =>
      test.alerts.find(({ alert: { data } }) => data.transition === 'reopened' && data.findingIds.includes(open.id)),
    );

    expect(told.alert.data).toMatchObject({ rule: open.rule, title: `No longer waived: ${open.title}` });
    const history = await eventually('the history', async () => {
      const of = (await cloud.store.history.of(placeOf(open).key)).filter(({ rule }) => rule === open.rule);
      return of.length === 3 ? of : null;
    });
    expect(history.map(({ kind, cause }) => [kind, cause.kind, cause.actor.objectId])).toEqual([
      ['opened', 'nightly', null],
      ['waived', 'person', jo.objectId],
      ['waiver-ended', 'sweep', null],
    ]);
    const [swept] = await sweeps.latest(1);
    expect(swept?.repaired).toContain(`Waiver ${waiver.id} expired: 1 findings changed`);

    await cloud.host.runTimer('sweep');
    expect(await sweeps.latest(9)).toHaveLength(1);
  });
});
