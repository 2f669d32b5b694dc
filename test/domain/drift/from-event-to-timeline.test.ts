import { expect, it } from 'vitest';
import { attributeChange } from '../../../domain/audit/attribute-change.ts';
import { auditAccount } from '../../../domain/audit/audit-account.ts';
import { dispatchOutbox } from '../../../domain/audit/dispatch-outbox.ts';
import { historyEntries } from '../../../domain/audit/history-entries.ts';
import { timelineOf } from '../../../domain/drift/timeline.ts';
import type { Cause } from '../../../domain/findings/finding.ts';
import { guid, settings } from '../build.ts';
import { fileServicesOf, kerberosAccount, onlyRules } from '../estate.ts';
import { memoryPorts } from '../memory-ports.ts';
import { record, source } from './build-change.ts';

const account = kerberosAccount('one');
const given = settings({
  rules: onlyRules('single-ad-source'),
  expectedSource: [{ match: {}, source: 'AADKERB' }],
});

it('tells of a switched identity source what it was, what it did, and who proved to have done it, after one alert', async () => {
  const ports = memoryPorts([account]);
  await ports.store.runs.markBaselined([account.subscriptionId]);
  const byEvent: Cause = { kind: 'event', id: 'e1', actor: { kind: 'user', objectId: guid(7) } };
  await auditAccount(account.id, byEvent, given, ports);
  ports.world.now += 60_000;
  const changed = { ...account, directoryService: 'None' };
  ports.world.readings.set(account.key, { state: 'found', account: changed, fileServices: fileServicesOf([changed]) });
  await auditAccount(account.id, { ...byEvent, id: 'e2' }, given, ports);
  await dispatchOutbox(ports);
  const noticed = timelineOf(await historyEntries([account.key], ports));
  ports.drift.log = { state: 'read', records: [record({ at: ports.world.now - 1000 })] };
  const [search] = ports.sent.work;
  if (search?.work.kind !== 'attribute') throw new Error('The search for who did it was not queued');
  ports.world.now = search.notBefore ?? 0;
  await attributeChange(search.work, given, ports);
  await dispatchOutbox(ports);

  expect(noticed.map(({ who, confidence }) => `${confidence}: ${who}`)).toEqual(
    Array(2).fill(`likely: user ${guid(7)}`),
  );
  expect(timelineOf(await historyEntries([account.key], ports))).toMatchObject([
    { what: source, before: 'AADKERB', after: 'None', who: `user ${guid(0xad)}`, confidence: 'proved', finding: null },
    {
      what: 'single-ad-source opened',
      who: `user ${guid(0xad)}`,
      confidence: 'proved',
      finding: 'one/single-ad-source',
    },
  ]);
  expect(ports.sent.alerts).toHaveLength(1);
});
