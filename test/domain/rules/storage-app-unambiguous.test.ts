import { describe, expect, it } from 'vitest';
import { collected, known } from '../../../domain/model/collection.ts';
import { storageAppUnambiguous } from '../../../domain/rules/storage-app-unambiguous.ts';
import { account, appId, directory, gap, guid, host, judge, principal } from '../build.ts';

const other = principal({ id: guid(51), appId: guid(50), servicePrincipalNames: [`CIFS/${host}`] });

describe('storage-app-unambiguous: exactly one app claims the account', () => {
  it('is compliant with one', () => {
    expect(judge(storageAppUnambiguous).outcome).toBe('pass');
  });

  it('is not compliant with two, though there may be more', () => {
    const verdict = { outcome: 'fail', severity: 'high', deciders: [appId, guid(50)].sort() };
    const two = { servicePrincipals: known([principal(), other]) };
    const twoOfMore = { servicePrincipals: collected([principal(), other], [gap('service-principals')]) };
    expect(judge(storageAppUnambiguous, { directory: directory(two) })).toMatchObject(verdict);
    expect(judge(storageAppUnambiguous, { directory: directory(twoOfMore) })).toMatchObject(verdict);
  });

  it('does not apply without an app, to an application without principal, or to other sources', () => {
    const none = directory({ applications: known([]), servicePrincipals: known([]) });
    const orphan = directory({ servicePrincipals: known([]) });
    expect(judge(storageAppUnambiguous, { directory: none }).outcome).toBe('not-applicable');
    expect(judge(storageAppUnambiguous, { directory: orphan }).outcome).toBe('not-applicable');
    expect(judge(storageAppUnambiguous, { account: account({ directoryService: 'AD' }) }).outcome).toBe(
      'not-applicable',
    );
  });

  it('could not be evaluated: one seen in a list that was read in part', () => {
    const partial = directory({ servicePrincipals: collected([principal()], [gap('service-principals')]) });
    expect(judge(storageAppUnambiguous, { directory: partial })).toMatchObject({
      outcome: 'unknown',
      gaps: [gap('service-principals')],
    });
  });
});
