import type { StorageAccount } from '../model/storage-account.ts';
import type { Directory } from '../rules/directory.ts';
import { foreignTenantGaps } from '../rules/foreign-tenant.ts';
import { findStorageApp } from '../rules/storage-app.ts';
import { appFacts } from './app-facts.ts';
import { appPrefix, appsProperty, securityDefaultsProperty } from './fact-names.ts';
import { listFact, type SeenFacts } from './fact-values.ts';

const nothingRead: SeenFacts = { values: {}, unread: [appsProperty, `${appPrefix}*`, securityDefaultsProperty] };

/**
 * The watched facts of the account's storage apps, and the tenant's security defaults. What lists not read whole may hide
 * is unread; an app that was seen in the surest list counts all the same.
 */
export function directoryFacts(account: StorageAccount, directory: Directory): SeenFacts {
  if (foreignTenantGaps(account, directory, ['applications']).length > 0) return nothingRead;
  const defaults = securityDefaultsFact(directory);
  const search = findStorageApp(account, directory);
  switch (search.state) {
    case 'absent':
      return joined({ values: { [appsProperty]: [] }, unread: [] }, defaults);
    case 'no-host':
    case 'unknown':
      return joined({ values: {}, unread: [appsProperty, `${appPrefix}*`] }, defaults);
    case 'found': {
      // With a doubt the app may really be another one: what was seen of this one says nothing of the account.
      const apps = search.doubt.length > 0 ? [] : search.candidates;
      const whole = search.hiding.length === 0;
      const list: SeenFacts = whole
        ? { values: { [appsProperty]: listFact(apps.map(({ appId }) => appId)) }, unread: [] }
        : { values: {}, unread: [appsProperty, `${appPrefix}*`] };
      return joined(list, ...apps.map((app) => appFacts(app, directory)), defaults);
    }
  }
}

function securityDefaultsFact({ facts }: Directory): SeenFacts {
  const { securityDefaults } = facts;
  const enabled = securityDefaults.state === 'known' ? (securityDefaults.items[0]?.isEnabled ?? null) : null;
  return enabled === null
    ? { values: {}, unread: [securityDefaultsProperty] }
    : { values: { [securityDefaultsProperty]: enabled }, unread: [] };
}

function joined(...parts: readonly SeenFacts[]): SeenFacts {
  return {
    values: Object.assign({}, ...parts.map(({ values }) => values)) as SeenFacts['values'],
    unread: parts.flatMap(({ unread }) => unread),
  };
}
