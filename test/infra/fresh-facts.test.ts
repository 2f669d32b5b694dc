import { describe, expect, it } from 'vitest';
import { type CollectionName, gapsOf, known, unavailable } from '../../domain/model/collection.ts';
import type { EstateSource, WireObject } from '../../infra/estate-source.ts';
import { createFreshFacts } from '../../infra/fresh-facts.ts';
import { gap, guid, tenantId } from '../domain/build.ts';

const id = `/subscriptions/${guid(2)}/resourceGroups/Profiles/providers/Microsoft.Storage/storageAccounts/profiles`;
const wanted: ReadonlySet<CollectionName> = new Set(['applications', 'file-services']);

function accountOf(source: string): WireObject {
  const properties = { azureFilesIdentityBasedAuthentication: { directoryServiceOptions: source } };
  return { id, name: 'profiles', location: 'westeurope', kind: 'StorageV2', tags: {}, properties };
}

/** Counts what is asked of it. */
function estate(account: WireObject | null, over: Partial<EstateSource> = {}) {
  const asked: string[] = [];
  const source: EstateSource = {
    kind: 'live',
    tenantId,
    cloud: 'AzurePublic',
    capturedAt: null,
    requests: { resourceGraph: 0, graph: 0, arm: 0, throttled: 0 },
    readableSubscriptions: () => Promise.resolve(null),
    read: (name) => {
      asked.push(name);
      return Promise.resolve(known([]));
    },
    readAccount: () => Promise.resolve(account === null ? { state: 'absent' } : { state: 'found', account }),
    readFileServices: (ids) => {
      asked.push(`file services of ${String(ids.length)}`);
      return Promise.resolve(known(ids.map((of) => ({ id: `${of}/fileServices/default`, properties: {} }))));
    },
    nameAvailability: () => Promise.resolve(null),
    ...over,
  };
  return { asked, estate: () => source };
}

describe('Facts read for one account', () => {
  it('hold its file service where a rule wants it', async () => {
    const facts = createFreshFacts(estate(accountOf('AADKERB')).estate, wanted);

    expect(await facts.account(id)).toMatchObject({
      state: 'found',
      account: { name: 'profiles' },
      fileServices: { state: 'known', items: [{ accountKey: id.toLowerCase(), authenticationMethods: null }] },
    });
  });

  it('hold the gap of a file service that could not be read', async () => {
    const forbidden = { ...gap('file-services'), scope: id.toLowerCase() };
    const readFileServices = () => Promise.resolve(unavailable<WireObject>(forbidden));
    const facts = createFreshFacts(estate(accountOf('AADKERB'), { readFileServices }).estate, wanted);

    expect(await facts.account(id)).toMatchObject({ fileServices: { state: 'unavailable', gaps: [forbidden] } });
  });

  it('ask for none of an account with another identity source, which has none to be judged', async () => {
    const { asked, estate: source } = estate(accountOf('None'));

    expect(await createFreshFacts(source, wanted).account(id)).toMatchObject({ fileServices: known([]) });
    expect(asked).toEqual(['file services of 0']);
  });

  it('leave the file service not read where no rule wants it', async () => {
    const { asked, estate: source } = estate(accountOf('AADKERB'));
    const reading = await createFreshFacts(source, new Set(['applications'])).account(id);

    expect(reading.state === 'found' ? gapsOf(reading.fileServices).map(({ reason }) => reason) : null).toEqual([
      'not-read',
    ]);
    expect(asked).toEqual([]);
  });

  it('say that the account is absent without a further request', async () => {
    const { asked, estate: source } = estate(null);

    expect(await createFreshFacts(source, wanted).account(id)).toEqual({ state: 'absent' });
    expect(asked).toEqual([]);
  });
});

describe('Facts that all accounts share', () => {
  it('are those that rules want, read once for all who ask at the same time', async () => {
    const { asked, estate: source } = estate(null);
    const facts = createFreshFacts(source, wanted);

    const [first] = await Promise.all([facts.shared(), facts.shared(), facts.shared()]);

    expect(asked).toEqual(['applications', 'applications']);
    expect(first.directory.applications.state).toBe('known');
    expect(first.directory.servicePrincipals.state).toBe('unavailable');
  });
});
