import { describe, expect, it } from 'vitest';
import { collected, known, unavailable, type Collection } from '../../../domain/model/collection.ts';
import type { PrivateEndpoint, PrivateLink } from '../../../domain/model/resources.ts';
import type { PrivateEndpointConnection } from '../../../domain/model/storage-account.ts';
import { privateLinkDemand } from '../../../domain/rules/private-link-demand.ts';
import { privateLinkSpn } from '../../../domain/rules/private-link-spn.ts';
import {
  account,
  accountName,
  appId,
  appNames,
  directory,
  gap,
  graphPrincipal,
  guid,
  judge,
  principal,
  principalId,
  resources,
  tenantId,
} from '../build.ts';

const privateHost = `${accountName}.privatelink.file.core.windows.net`;
const privateNames = ['HOST', 'CIFS', 'HTTP'].flatMap((service) => [
  `${service}/${privateHost}`,
  `api://${tenantId}/${service}/${privateHost}`,
]);
const networkSubscription = `/subscriptions/${guid(0x20)}`;
const endpointKey = endpointId('one');

function endpointId(name: string): string {
  return `${networkSubscription}/resourcegroups/network/providers/microsoft.network/privateendpoints/${name}`;
}

function link(over: Partial<PrivateLink> = {}): PrivateLink {
  return { targetKey: account().key, groupIds: ['file'], status: 'Approved', ...over };
}

function endpoint(over: Partial<PrivateEndpoint> = {}): PrivateEndpoint {
  return { key: endpointKey, name: 'one', links: [link()], ...over };
}

function connection(over: Partial<PrivateEndpointConnection> = {}): PrivateEndpointConnection {
  return { endpointKey, status: 'Approved', ...over };
}

/** What the app carries beside the six names of the host, what leads to the account, and what was seen of endpoints. */
function verdict(
  names: readonly string[],
  connections: readonly PrivateEndpointConnection[],
  privateEndpoints: Collection<PrivateEndpoint> = known([endpoint()]),
) {
  const servicePrincipalNames = [appId, ...appNames(), ...names];
  return judge(privateLinkSpn, {
    account: account({ privateEndpointConnections: connections }),
    directory: directory({ servicePrincipals: known([graphPrincipal(), principal({ servicePrincipalNames })]) }),
    resources: resources({ privateEndpoints }),
  });
}

/** An account of another host, with an approved endpoint, whose app carries `servicePrincipalNames` and nothing else. */
function judgeHost(host: string, servicePrincipalNames: readonly string[]) {
  return judge(privateLinkSpn, {
    account: account({ host, privateEndpointConnections: [connection()] }),
    directory: directory({ servicePrincipals: known([graphPrincipal(), principal({ servicePrincipalNames })]) }),
    resources: resources({ privateEndpoints: known([endpoint()]) }),
  });
}

const unread = unavailable<PrivateEndpoint>(gap('private-endpoints'));
const without = (...services: readonly string[]) =>
  privateNames.filter((name) => !services.some((service) => name.includes(`${service}/`)));

describe('private-link-spn: where a private endpoint leads to the file shares, the app carries the privatelink names', () => {
  it('is compliant with all six', () => {
    expect(verdict(privateNames, [connection()])).toMatchObject({
      outcome: 'pass',
      evidence: { apps: [{ missingNames: [] }] },
    });
  });

  it('is compliant whatever the case of the names', () => {
    expect(
      verdict(
        privateNames.map((name) => name.toLowerCase()),
        [connection()],
      ).outcome,
    ).toBe('pass');
  });

  it('is not compliant without a CIFS name', () => {
    expect(verdict(without('CIFS'), [connection()])).toMatchObject({
      outcome: 'fail',
      severity: 'high',
      deciders: [endpointKey, principalId].sort(),
      evidence: {
        apps: [
          {
            missingNames: [`CIFS/${privateHost}`, `api://${tenantId}/CIFS/${privateHost}`],
            endpoints: [{ id: endpointKey, subResource: 'file', approved: 'yes' }],
          },
        ],
      },
    });
    expect(verdict([], [connection()])).toMatchObject({
      outcome: 'fail',
      severity: 'high',
      evidence: {
        apps: [
          {
            missingNames: privateNames.toSorted(),
            readFrom: ['private-endpoints', 'service-principals', 'storage-accounts'],
          },
        ],
      },
    });
  });

  it.each([[`CIFS/${privateHost}`], [`api://${tenantId}/CIFS/${privateHost}`], [`HTTP/${privateHost}`]])(
    'warns without %s',
    (name) => {
      const rest = privateNames.filter((one) => one !== name);
      expect(verdict(rest, [connection()])).toMatchObject({
        outcome: 'warn',
        severity: 'low',
        evidence: { apps: [{ missingNames: [name] }] },
      });
    },
  );

  it('wants the zoned name of a zoned host', () => {
    const zoned = `${accountName}.z01.privatelink.file.storage.azure.net`;
    const zonedHost = `${accountName}.z01.file.storage.azure.net`;
    const judged = (names: readonly string[]) => judgeHost(zonedHost, [`CIFS/${zonedHost}`, ...names]);
    expect(judged(privateNames).outcome).toBe('fail');
    expect(judged(privateNames.map((name) => name.replace(privateHost, zoned))).outcome).toBe('pass');
  });

  it('could not be evaluated: a host that shows no label for files', () => {
    const verdict = judgeHost('files.contoso.com', ['CIFS/files.contoso.com']);
    expect(verdict).toMatchObject({ outcome: 'unknown', gaps: [] });
    expect(verdict.title).toContain('files.contoso.com');
  });
});

describe('which endpoints demand the privatelink names', () => {
  it('one that has a link to the account, though the account does not list it', () => {
    expect(verdict([], []).outcome).toBe('fail');
  });

  it.each(['approved', 'APPROVED'])('one whose status is %s', (status) => {
    expect(verdict([], [connection({ status })], known([endpoint({ links: [link({ status })] })])).outcome).toBe(
      'fail',
    );
  });

  it('one whose status only the account or only the endpoint tells', () => {
    const silent = known([endpoint({ links: [link({ status: null })] })]);
    expect(verdict([], [connection()], silent).outcome).toBe('fail');
    expect(verdict([], [connection({ status: null })]).outcome).toBe('fail');
  });

  it('one of several links is enough', () => {
    const links = [link({ groupIds: ['blob'] }), link({ groupIds: ['file'] })];
    expect(verdict([], [connection()], known([endpoint({ links })])).outcome).toBe('fail');
    expect(verdict([], [connection()], known([endpoint({ links: links.toReversed() })]))).toEqual(
      verdict([], [connection()], known([endpoint({ links })])),
    );
  });

  it('an approved one decides, whatever another hides', () => {
    const hidden = connection({ endpointKey: endpointId('hidden') });
    expect(verdict([], [connection(), hidden])).toEqual(verdict([], [hidden, connection()]));
    expect(verdict([], [connection(), hidden])).toMatchObject({ outcome: 'fail', gaps: [] });
  });

  it.each([['dfs'], ['web_secondary'], ['queue'], ['table', 'blob_secondary']])('none of %s', (...groupIds) => {
    const other = known([endpoint({ links: [link({ groupIds })] })]);
    expect(verdict([], [connection()], other).outcome).toBe('not-applicable');
  });

  it('none of another sub-resource', () => {
    const blob = known([endpoint({ links: [link({ groupIds: ['blob'] })] })]);
    expect(verdict([], [connection()], blob)).toMatchObject({
      outcome: 'not-applicable',
      evidence: { endpoints: [{ id: endpointKey, subResource: 'other' }] },
    });
  });

  it('none that leads elsewhere', () => {
    const elsewhere = known([endpoint({ links: [link({ targetKey: `${account().key}2` })] })]);
    expect(verdict([], [], elsewhere).outcome).toBe('not-applicable');
  });

  it.each(['Pending', 'Rejected', 'Disconnected', 'Timeout', 'pending'])('none whose status is %s', (status) => {
    const closed = known([endpoint({ links: [link({ status })] })]);
    expect(verdict([], [connection({ status })], closed).outcome).toBe('not-applicable');
    expect(verdict([], [connection({ status })], unread).outcome).toBe('not-applicable');
  });

  it('none where the account has no connection, whatever could not be read', () => {
    expect(verdict([], [], known([])).outcome).toBe('not-applicable');
    expect(verdict([], [], unread).outcome).toBe('not-applicable');
    expect(
      judge(privateLinkSpn, { directory: directory({ servicePrincipals: unavailable(gap('service-principals')) }) })
        .outcome,
    ).toBe('not-applicable');
  });

  it('does not apply to other sources, or without an app', () => {
    const over = { resources: resources({ privateEndpoints: known([endpoint()]) }) };
    const none = directory({ applications: known([]), servicePrincipals: known([graphPrincipal()]) });
    expect(judge(privateLinkSpn, { ...over, account: account({ directoryService: 'AD' }) }).outcome).toBe(
      'not-applicable',
    );
    expect(judge(privateLinkSpn, { ...over, directory: none }).outcome).toBe('not-applicable');
  });
});

describe('what hides whether an endpoint leads to the file shares', () => {
  it('endpoints that were not read, or not whole', () => {
    expect(verdict([], [connection()], unread)).toMatchObject({
      outcome: 'unknown',
      severity: 'high',
      gaps: [gap('private-endpoints')],
      deciders: [endpointKey, principalId].sort(),
      evidence: {
        apps: [
          {
            missingNames: privateNames.toSorted(),
            endpoints: [{ id: endpointKey, subResource: 'unknown', approved: 'yes' }],
          },
        ],
      },
    });
    expect(verdict([], [connection()], collected<PrivateEndpoint>([], [gap('private-endpoints')]))).toMatchObject({
      outcome: 'unknown',
      gaps: [gap('private-endpoints')],
    });
  });

  it('but presence in a partial list counts', () => {
    expect(verdict([], [connection()], collected([endpoint()], [gap('private-endpoints')]))).toMatchObject({
      outcome: 'fail',
      gaps: [],
    });
  });

  it('an endpoint in a subscription that nobody could look into', () => {
    const two = [connection(), connection({ endpointKey: endpointId('two') })];
    expect(verdict([], two, known([]))).toMatchObject({
      outcome: 'unknown',
      gaps: [
        {
          collection: 'private-endpoints',
          scope: networkSubscription,
          reason: 'not-visible',
          needs: 'Microsoft.Network/privateEndpoints/read',
        },
      ],
    });
    expect(verdict([], two, known([])).gaps).toHaveLength(1);
  });

  it('a connection that names no endpoint', () => {
    expect(verdict([], [connection({ endpointKey: null })], known([]))).toMatchObject({
      outcome: 'unknown',
      gaps: [{ scope: account().key, reason: 'not-visible' }],
    });
    const closedOnes = [connection({ endpointKey: null, status: 'Rejected' })];
    expect(verdict([], closedOnes, known([])).outcome).toBe('not-applicable');
    const twoNameless = [...closedOnes, connection({ endpointKey: null })];
    expect(verdict([], twoNameless, known([])).outcome).toBe('unknown');
  });

  it('a sub-resource or a status that nobody says, or knows, or agrees on; no permission mends that', () => {
    const undecided = { outcome: 'unknown', gaps: [] };
    const unsaid = known([endpoint({ links: [link({ groupIds: [] })] })]);
    const strange = known([endpoint({ links: [link({ status: 'Dreaming' })] })]);
    const silent = known([endpoint({ links: [link({ status: null })] })]);
    expect(verdict([], [connection()], unsaid)).toMatchObject(undecided);
    expect(verdict([], [], strange)).toMatchObject(undecided);
    expect(verdict([], [connection({ status: null })], silent)).toMatchObject(undecided);
    expect(verdict([], [connection({ status: 'Rejected' })])).toMatchObject(undecided);
    expect(verdict([], [connection()], known([endpoint({ links: [] })]))).toMatchObject(undecided);
  });

  it.each([[['tape']], [['']], [['blob', 'tape']]])('sub-resources %j, which are not all known', (groupIds) => {
    const strange = known([endpoint({ links: [link({ groupIds })] })]);
    expect(verdict([], [connection()], strange)).toMatchObject({
      outcome: 'unknown',
      evidence: { apps: [{ endpoints: [{ id: endpointKey, subResource: 'unknown' }] }] },
    });
  });

  it('nothing that matters where the names are complete', () => {
    const hidden = [connection({ endpointKey: endpointId('hidden'), status: 'Dreaming' })];
    expect(verdict(privateNames, hidden, known([])).outcome).toBe('pass');
    expect(verdict(privateNames, hidden, unread)).toMatchObject({ outcome: 'pass', gaps: [] });
  });

  it('a principal that was not read', () => {
    const directoryUnread = directory({ servicePrincipals: unavailable(gap('service-principals')) });
    const given = { account: account({ privateEndpointConnections: [connection()] }), directory: directoryUnread };
    expect(
      judge(privateLinkSpn, { ...given, resources: resources({ privateEndpoints: known([endpoint()]) }) }),
    ).toMatchObject({
      outcome: 'unknown',
      gaps: [gap('service-principals')],
      evidence: { apps: [{ endpoints: [{ id: endpointKey, subResource: 'file', approved: 'yes' }] }] },
    });
    expect(judge(privateLinkSpn, { ...given, resources: resources({ privateEndpoints: unread }) }).gaps).toEqual(
      expect.arrayContaining([gap('service-principals'), gap('private-endpoints')]),
    );
  });

  it('an app that was not seen: the endpoints that were not read might show that none is needed', () => {
    const missing = gap('service-principals');
    const nothing = directory({ applications: known([]), servicePrincipals: unavailable(missing) });
    const given = { account: account({ privateEndpointConnections: [connection()] }), directory: nothing };
    const judged = judge(privateLinkSpn, { ...given, resources: resources({ privateEndpoints: unread }) });
    expect(judged).toMatchObject({ outcome: 'unknown', gaps: [missing, gap('private-endpoints')] });
  });
});

describe('the endpoints that lead to an account', () => {
  function demand(
    connections: readonly PrivateEndpointConnection[] | null,
    privateEndpoints: Collection<PrivateEndpoint> = known([]),
  ) {
    return privateLinkDemand(account({ privateEndpointConnections: connections }), resources({ privateEndpoints }));
  }

  it('are those that were read, where the account does not say what is connected', () => {
    expect(demand(null)).toEqual({ state: 'none', endpoints: [], gaps: [] });
    expect(demand(null, known([endpoint()]))).toMatchObject({
      state: 'file',
      endpoints: [{ id: endpointKey, subResource: 'file', approved: 'yes' }],
    });
    for (const list of [unread, collected<PrivateEndpoint>([], [gap('private-endpoints')])]) {
      expect(demand(null, list)).toEqual({ state: 'undecided', endpoints: [], gaps: [gap('private-endpoints')] });
    }
    const presentInPart = collected([endpoint()], [gap('private-endpoints')]);
    expect(demand(null, presentInPart)).toMatchObject({ state: 'file', gaps: [] });
  });

  it('have the status of their own connections, not of others', () => {
    const two = endpoint({ key: endpointId('two'), links: [link({ status: null })] });
    const connections = [connection(), connection({ endpointKey: endpointId('two'), status: 'Rejected' })];
    expect(demand(connections, known([endpoint(), two]))).toMatchObject({
      state: 'file',
      endpoints: [
        { id: endpointKey, approved: 'yes' },
        { id: endpointId('two'), approved: 'no' },
      ],
    });
  });

  it('lead where their links to this account lead, wherever else they lead', () => {
    const links = [link({ groupIds: ['blob'] }), link({ targetKey: `${account().key}2` })];
    expect(demand([connection()], known([endpoint({ links })]))).toMatchObject({
      state: 'none',
      endpoints: [{ id: endpointKey, subResource: 'other' }],
    });
  });

  it('are several where connections name none, each with its own status; one where they name the same', () => {
    const rejected = { status: 'Rejected' };
    const nameless = [connection({ endpointKey: null }), connection({ endpointKey: null, ...rejected })];
    const severally = {
      state: 'undecided',
      endpoints: [
        { id: null, approved: 'no' },
        { id: null, approved: 'yes' },
      ],
    };
    expect(demand(nameless)).toMatchObject(severally);
    expect(demand(nameless.toReversed())).toMatchObject(severally);
    expect(demand([connection(), connection(rejected)])).toMatchObject({
      state: 'undecided',
      endpoints: [{ id: endpointKey, subResource: 'unknown', approved: 'unclear' }],
    });
  });
});
