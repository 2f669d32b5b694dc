import { describe, expect, it } from 'vitest';
import { known, unavailable } from '../../../domain/model/collection.ts';
import { spnSetComplete } from '../../../domain/rules/spn-set-complete.ts';
import {
  account,
  appId,
  appNames,
  directory,
  gap,
  graphPrincipal,
  guid,
  host,
  judge,
  legacyApplication,
  legacyPrincipal,
  principal,
  principalId,
  tenantId,
} from '../build.ts';

function named(names: readonly string[]) {
  const servicePrincipals = known([graphPrincipal(), principal({ servicePrincipalNames: [appId, ...names] })]);
  return { directory: directory({ servicePrincipals }) };
}

function without(...dropped: readonly string[]) {
  return named(appNames().filter((name) => !dropped.includes(name)));
}

const bareCifs = `CIFS/${host}`;
const apiCifs = `api://${tenantId}/CIFS/${host}`;

function legacy(names: readonly string[]) {
  return {
    directory: directory({
      applications: known([legacyApplication()]),
      servicePrincipals: known([graphPrincipal(), legacyPrincipal({ servicePrincipalNames: [appId, ...names] })]),
    }),
  };
}

describe("spn-set-complete: the app carries all six names of the account's host", () => {
  it('is compliant with all six', () => {
    expect(judge(spnSetComplete)).toMatchObject({
      outcome: 'pass',
      deciders: [principalId],
      evidence: { apps: [{ missingNames: [], notInCapitals: [] }] },
    });
  });

  it('shows the names that are missing, sorted', () => {
    expect(judge(spnSetComplete, named([bareCifs]))).toMatchObject({
      evidence: {
        apps: [
          {
            missingNames: appNames()
              .filter((name) => name !== bareCifs)
              .sort(),
          },
        ],
      },
    });
  });

  it('is compliant whatever the case of host and tenant, and whatever other names there are', () => {
    const shouted = ['HOST', 'CIFS', 'HTTP'].flatMap((service) => [
      `${service}/${host.toUpperCase()}`,
      `API://${tenantId}/${service}/${host.toUpperCase()}`,
    ]);
    expect(judge(spnSetComplete, named([...shouted, 'CIFS/other.file.core.windows.net'])).outcome).toBe('pass');
  });

  it('is not compliant without any CIFS name: no mount gets a ticket', () => {
    expect(judge(spnSetComplete, without(bareCifs, apiCifs))).toMatchObject({
      outcome: 'fail',
      severity: 'high',
      deciders: [principalId],
      evidence: { apps: [{ missingNames: [bareCifs, apiCifs].sort() }] },
    });
  });

  it('does not take the CIFS name of another host or tenant for its own', () => {
    const foreign = [`api://${guid(77)}/CIFS/${host}`, 'CIFS/other.file.core.windows.net'];
    const rest = appNames().filter((name) => name !== bareCifs && name !== apiCifs);
    expect(judge(spnSetComplete, named([...rest, ...foreign])).outcome).toBe('fail');
  });

  it.each([bareCifs, apiCifs, `HOST/${host}`, `api://${tenantId}/HTTP/${host}`])('warns without %s', (name) => {
    expect(judge(spnSetComplete, without(name))).toMatchObject({
      outcome: 'warn',
      severity: 'medium',
      evidence: { apps: [{ missingNames: [name] }] },
    });
  });

  it('warns of an app of today that has its bare names only', () => {
    const bare = appNames().filter((name) => !name.startsWith('api://'));
    expect(judge(spnSetComplete, named(bare))).toMatchObject({ outcome: 'warn', severity: 'medium' });
  });

  it('warns less of an app of the manual preview, which never had more than its three bare names', () => {
    const bare = ['HTTP', 'CIFS', 'HOST'].map((service) => `${service}/${host}`);
    expect(judge(spnSetComplete, legacy(bare))).toMatchObject({ outcome: 'warn', severity: 'low' });
    expect(judge(spnSetComplete, legacy(bare.slice(1)))).toMatchObject({ outcome: 'warn', severity: 'medium' });
    expect(judge(spnSetComplete, legacy([`HOST/${host}`, `HTTP/${host}`]))).toMatchObject({
      outcome: 'fail',
      severity: 'high',
    });
  });

  it.each([
    ['a bare name', `CIFS/${host}`, `cifs/${host}`],
    ['an api name', `api://${tenantId}/HTTP/${host}`, `api://${tenantId}/Http/${host}`],
  ])('warns of a service class that is not in capitals: %s', (_says, name, spelt) => {
    expect(judge(spnSetComplete, named(appNames().map((one) => (one === name ? spelt : one))))).toMatchObject({
      outcome: 'warn',
      severity: 'low',
      evidence: { apps: [{ missingNames: [], notInCapitals: [spelt] }] },
    });
  });

  it('lists odd spellings in the same order whatever order they came in', () => {
    const spelt = appNames().map((name) => name.toLowerCase());
    const verdict = judge(spnSetComplete, named(spelt));
    expect(verdict).toMatchObject({ evidence: { apps: [{ notInCapitals: spelt.toSorted() }] } });
    expect(judge(spnSetComplete, named(spelt.toReversed()))).toEqual(verdict);
  });

  it('does not mind an odd spelling beside the right one', () => {
    expect(judge(spnSetComplete, named([`cifs/${host}`, ...appNames()])).outcome).toBe('pass');
  });

  it('does not apply without an app, without its principal, or to other sources', () => {
    const none = directory({ applications: known([]), servicePrincipals: known([graphPrincipal()]) });
    const orphan = directory({ servicePrincipals: known([graphPrincipal()]) });
    expect(judge(spnSetComplete, { directory: none }).outcome).toBe('not-applicable');
    expect(judge(spnSetComplete, { directory: orphan }).outcome).toBe('not-applicable');
    expect(judge(spnSetComplete, { account: account({ directoryService: 'AADDS' }) }).outcome).toBe('not-applicable');
  });

  it('could not be evaluated: the principal was not read', () => {
    const unread = directory({ servicePrincipals: unavailable(gap('service-principals')) });
    expect(judge(spnSetComplete, { directory: unread })).toMatchObject({
      outcome: 'unknown',
      severity: 'high',
      gaps: [gap('service-principals')],
    });
  });
});
