import { describe, expect, it } from 'vitest';
import { attributionBy } from '../../../domain/drift/attribution.ts';
import { type ChangeRecord, concludeFrom } from '../../../domain/drift/conclude.ts';
import type { FactValue } from '../../../domain/drift/fact-values.ts';
import { guid, now } from '../build.ts';
import { adele, change, minute, pipeline, record, source } from './build-change.ts';

const waiting = { last: false };
const last = { last: true };
const nobody = { kind: 'unknown', objectId: null, userPrincipalName: null };

describe('Who made a change', () => {
  it('is proved by the one record that touched it', () => {
    expect(concludeFrom(change(), [record()], waiting)).toEqual({
      confidence: 'proved',
      actor: adele,
      source: 'resource-changes',
      at: now - 30 * minute,
      correlationId: 'correlation-1',
      operation: 'Microsoft.Storage/storageAccounts/write',
      candidates: [],
    });
  });

  it('is proved by several records of the same actor, the latest of them', () => {
    const first = record({ at: now - 40 * minute, correlationId: 'earlier' });

    expect(concludeFrom(change(), [record(), first], waiting)).toMatchObject({
      confidence: 'proved',
      correlationId: 'correlation-1',
    });
  });

  it('is nobody of two who may have, and names both, whatever order the records come in', () => {
    const records = [
      record(),
      record({ at: now - 20 * minute, actor: pipeline, touched: [{ name: `properties.${source}`, before: 'AD' }] }),
    ];
    for (const given of [records, [...records].reverse()]) {
      const concluded = concludeFrom(change(), given, waiting);
      expect(concluded).toMatchObject({ confidence: 'unknown', actor: nobody });
      expect(concluded?.candidates.map(({ actor }) => actor)).toEqual([adele, pipeline]);
    }
  });

  it('is the last one where what was changed before was changed back', () => {
    const earlier = [
      record({ at: now - 50 * minute, actor: pipeline }),
      record({ at: now - 45 * minute, actor: pipeline, touched: [{ name: `properties.${source}`, before: 'None' }] }),
    ];

    expect(concludeFrom(change(), [...earlier, record()], waiting)).toMatchObject({
      confidence: 'proved',
      actor: adele,
    });
  });

  it.each([
    ['another property', record({ touched: [{ name: 'properties.minimumTlsVersion', before: 'TLS1_0' }] })],
    [
      'a property whose name only begins alike',
      record({ touched: [{ name: `properties.${source}Extra`, before: null }] }),
    ],
    ['a time long before', record({ at: now - 90 * minute })],
    ['a time long after', record({ at: now + 20 * minute })],
  ])('is not told by a record of %s', (_, other) => {
    expect(concludeFrom(change(), [other], waiting)).toBeNull();
    expect(concludeFrom(change(), [other], last)).toBeNull();
  });

  it.each([
    ['the object above it', 'properties.azureFilesIdentityBasedAuthentication'],
    ['another spelling', `properties.${source.toUpperCase()}`],
  ])('is proved by a record of %s', (_, name) => {
    expect(concludeFrom(change(), [record({ touched: [{ name, before: null }] })], waiting)).toMatchObject({
      confidence: 'proved',
    });
  });

  it('allows for clocks and lists that lag', () => {
    expect(concludeFrom(change(), [record({ at: now + 5_000 })], waiting)).toMatchObject({ confidence: 'proved' });
    expect(concludeFrom(change(), [record({ at: now - 65 * minute })], waiting)).toMatchObject({
      confidence: 'proved',
    });
  });

  it('is not proved by what was done after the facts were read, such as changing it back', () => {
    const back = record({
      at: now + minute,
      actor: pipeline,
      touched: [{ name: `properties.${source}`, before: 'None' }],
    });

    expect(concludeFrom(change(), [back], waiting)).toBeNull();
    expect(concludeFrom(change(), [back], last)).toMatchObject({
      confidence: 'unknown',
      actor: nobody,
      candidates: [{ actor: pipeline }],
    });
    expect(concludeFrom(change(), [record(), back], waiting)).toMatchObject({ confidence: 'proved', actor: adele });
  });

  it('is not proved by what was done after the facts were read, for each property alike', () => {
    const two = change({
      properties: [...change().properties, { property: 'allowSharedKeyAccess', before: false, after: true }],
    });
    const later = record({
      at: now + minute,
      actor: pipeline,
      touched: [{ name: 'properties.allowSharedKeyAccess', before: 'true' }],
    });

    expect(concludeFrom(two, [record(), later], waiting)).toBeNull();
    expect(concludeFrom(two, [record(), later], last)).toMatchObject({
      confidence: 'unknown',
      candidates: [{ actor: adele }, { actor: pipeline }],
    });
  });

  it('is not proved by the record of the change before, while its own is still to come', () => {
    const since = now - 60 * minute;
    const back = change({ since, properties: [{ property: source, before: 'None', after: 'AADKERB' }] });
    const former = record({ at: since - 5 * minute });
    const own = record({ actor: pipeline, touched: [{ name: `properties.${source}`, before: 'None' }] });

    expect(concludeFrom(back, [former], waiting)).toBeNull();
    expect(concludeFrom(back, [former], last)).toMatchObject({ confidence: 'unknown', candidates: [{ actor: adele }] });
    expect(concludeFrom(back, [former, own], waiting)).toMatchObject({ confidence: 'proved', actor: pipeline });
  });

  it('waits where a record from before the last look does not say what it found', () => {
    const silent = record({ at: now - 65 * minute, touched: [{ name: `properties.${source}`, before: null }] });

    expect(concludeFrom(change(), [silent], waiting)).toBeNull();
    expect(concludeFrom(change(), [silent], last)).toMatchObject({ confidence: 'proved', actor: adele });
  });

  it('waits for a record of each property, and proves nothing by some of them', () => {
    const two = change({
      properties: [...change().properties, { property: 'allowSharedKeyAccess', before: false, after: true }],
    });

    expect(concludeFrom(two, [record()], waiting)).toBeNull();
    expect(concludeFrom(two, [record()], last)).toMatchObject({
      confidence: 'unknown',
      candidates: [{ actor: adele }],
    });
    const both = record({
      touched: [...record().touched, { name: 'properties.allowSharedKeyAccess', before: 'false' }],
    });
    expect(concludeFrom(two, [both], waiting)).toMatchObject({ confidence: 'proved', actor: adele });
  });

  it('stays what an event claimed where the record itself does not know', () => {
    const claimed = attributionBy({ kind: 'event', id: 'e', actor: { kind: 'user', objectId: guid(7) } });
    const unknown = record({ actor: { kind: 'unknown', objectId: null, userPrincipalName: null } });

    expect(concludeFrom(change({ attribution: claimed }), [unknown], waiting)).toMatchObject({
      confidence: 'likely',
      actor: { objectId: guid(7) },
      correlationId: 'correlation-1',
    });
    expect(concludeFrom(change(), [unknown], waiting)).toMatchObject({ confidence: 'unknown', actor: nobody });
  });

  it('is the system where the record says so', () => {
    const system = { kind: 'system', objectId: null, userPrincipalName: null } as const;

    expect(concludeFrom(change(), [record({ actor: system })], waiting)).toMatchObject({
      confidence: 'proved',
      actor: system,
    });
  });
});

describe('What an event claims', () => {
  it('is likely, never proved; any other cause says nothing', () => {
    const actor = { kind: 'user', objectId: guid(7) } as const;

    expect(attributionBy({ kind: 'event', id: 'e', actor })).toMatchObject({
      confidence: 'likely',
      actor,
      source: 'event',
    });
    expect(attributionBy({ kind: 'nightly', id: 'r', actor })).toMatchObject({ confidence: 'unknown', actor: nobody });
    expect(attributionBy({ kind: 'event', id: 'e', actor: { kind: 'unknown', objectId: null } })).toMatchObject({
      confidence: 'unknown',
      source: null,
    });
  });
});

describe('A change in Entra', () => {
  const policyId = guid(0x100);
  const policies = change({
    part: 'directory',
    properties: [{ property: `app/${guid(0xa)}/policies`, before: [], after: [`${policyId} violation`] }],
  });
  const audit = (id: string, operation: string, over: Partial<ChangeRecord> = {}) =>
    record({ source: 'directory-audits', operation, touched: [{ name: id, before: null }], ...over });
  const updated = 'Update conditional access policy';
  const principal = guid(0xb);
  const application = guid(0xd);
  const ofApp = (name: string, before: FactValue, after: FactValue) =>
    change({
      part: 'directory',
      properties: [{ property: `app/${guid(0xa)}/${name}`, before, after }],
      objectIds: [principal, application],
    });

  it('is proved by a record about the policy that changed, and not by one about another', () => {
    expect(concludeFrom(policies, [audit(policyId.toUpperCase(), updated)], waiting)).toMatchObject({
      confidence: 'proved',
      source: 'directory-audits',
    });
    expect(concludeFrom(policies, [audit(guid(0x101), updated)], last)).toBeNull();
  });

  it('of a policy is not proved by who changed it back after it was read', () => {
    const back = audit(policyId, updated, { at: now + minute, actor: pipeline });

    expect(concludeFrom(policies, [back], waiting)).toBeNull();
    expect(concludeFrom(policies, [audit(policyId, updated), back], waiting)).toMatchObject({ actor: adele });
  });

  it.each([
    ['an application that was made', ofApp('applicationId', null, application), application, 'Add application'],
    ['a principal that was removed', ofApp('accountEnabled', true, null), principal, 'Remove service principal'],
    ['a removed consent', ofApp('consentedScopes', ['g openid'], []), principal, 'Remove delegated permission grant'],
    ['a consent', ofApp('consentedScopes', [], ['g openid']), principal, 'Consent to application'],
    [
      'a secret of the principal',
      ofApp('credentials', [], ['k ends never']),
      principal,
      'Add service principal credentials',
    ],
    [
      'a secret of the application, spelled as the service does',
      ofApp('applicationCredentials', [], ['k ends never']),
      application,
      'Update application \u2013 Certificates and secrets management ',
    ],
    ['an owner', ofApp('owners', [], [guid(0xe)]), application, 'Add owner to application'],
  ])('is proved by a record of an act that makes it: %s', (_, changed, id, operation) => {
    expect(concludeFrom(changed, [audit(id, operation)], waiting)).toMatchObject({
      confidence: 'proved',
      actor: adele,
    });
  });

  it('that any update may have made is proved where the record names the property', () => {
    const disabled = ofApp('accountEnabled', true, false);
    const naming = (...modified: string[]) =>
      audit(principal, 'Update service principal', { touched: [{ name: principal, before: null, modified }] });

    expect(concludeFrom(disabled, [naming('AppAddress', 'AccountEnabled')], waiting)).toMatchObject({
      confidence: 'proved',
      actor: adele,
    });
    for (const unsaid of [naming(), naming('AppAddress')]) {
      expect(concludeFrom(disabled, [unsaid], waiting)).toBeNull();
      expect(concludeFrom(disabled, [unsaid], last)).toMatchObject({
        confidence: 'unknown',
        candidates: [{ actor: adele, operation: 'Update service principal' }],
      });
    }
  });

  it.each([
    ['an act that changes something else', 'Update service principal'],
    ['an act of which nothing is known', 'Reticulate splines'],
    ['the making of what was there before', 'Add service principal'],
  ])('waits for its own record after %s, and proves nothing by it', (_, operation) => {
    const withdrawn = ofApp('consentedScopes', ['g openid'], []);
    const other = audit(principal, operation, { actor: pipeline });
    const own = audit(principal, 'Remove delegated permission grant', { at: now - 10 * minute });

    expect(concludeFrom(withdrawn, [other], waiting)).toBeNull();
    expect(concludeFrom(withdrawn, [other], last)).toMatchObject({
      confidence: 'unknown',
      actor: nobody,
      candidates: [{ actor: pipeline }],
    });
    expect(concludeFrom(withdrawn, [other, own], waiting)).toMatchObject({ confidence: 'proved', actor: adele });
  });

  it('of an app is not told by a record about something else', () => {
    expect(concludeFrom(ofApp('owners', [], ['x']), [audit(policyId, 'Add owner to application')], last)).toBeNull();
  });
});
