import type { Application, ServicePrincipal } from '../model/directory.ts';
import type { AppContext } from './app-context.ts';
import { storageAppDoubts } from '../rules/storage-app-doubts.ts';
import { namesMissing, storageAppNames, ticketNames } from '../rules/storage-app-names.ts';
import { judgeClaim } from '../rules/storage-app-unambiguous.ts';
import { findStorageApp } from '../rules/storage-app.ts';
import { manual, none, type Refusal } from './planned.ts';
import { ambiguousApp } from './runbooks/ambiguous-app.ts';
import { disabledPrincipal } from './runbooks/disabled-principal.ts';
import { recreateApp } from './runbooks/recreate-app.ts';

/** The one app of an account, about which nothing is odd: what a plan may write to. */
export interface SoundApp {
  readonly kind: 'sound';
  /** Lower case. */
  readonly appId: string;
  readonly principal: ServicePrincipal;
  readonly application: Application;
}

/**
 * The account's app, where all hold: both lists of apps were read whole, `storage-app-unambiguous` passes with nothing of
 * what it looks at unread, the app carries the title and the bare names of the account's own, and its principal is
 * enabled. What is ambiguous, or may be an impostor, is for a person.
 */
export function soundApp(context: AppContext): SoundApp | Refusal {
  const { account, directory } = context;
  const { applications, servicePrincipals } = directory.facts;
  if (applications.state !== 'known')
    return none('Applications were not read whole, so another app may be the right one');
  if (servicePrincipals.state !== 'known') {
    return none('Service principals were not read whole, so another app may be the right one');
  }
  const claim = judgeClaim(context);
  switch (claim.outcome) {
    case 'pass':
      break;
    case 'fail':
    case 'warn':
      return manual(ambiguousApp(context, claim.title));
    case 'unknown':
    case 'not-applicable':
      return none(`Whether the account has one sound app is not settled: ${claim.title}`);
  }
  const search = findStorageApp(account, directory);
  const app = search.state === 'found' ? search.candidates[0] : undefined;
  if (search.state !== 'found' || app === undefined || !('object' in app.principal))
    return none('The account has no app with a service principal');
  const { state, object: principal } = app.principal;
  if (state === 'disabled') return manual(disabledPrincipal(context, principal));
  if (state === 'unclear') return none('Whether the service principal is enabled was not read');
  if (app.application === null) {
    return manual(recreateApp(context, 'The service principal is there and its application is not'));
  }
  const { notRead } = storageAppDoubts(app, search.tier, account, directory.facts.tenantId);
  if (notRead.length > 0) {
    return none(
      `Not read of the app or its account, and it may show that the app is somebody's: ${notRead.join(', ')}`,
    );
  }
  const strange = unlikeItsOwn(context, app.application, principal);
  if (strange !== null) return manual(ambiguousApp(context, strange));
  return { kind: 'sound', appId: app.appId, principal, application: app.application };
}

/**
 * What a write asks for beyond a verdict: one name of the form `api://TENANT/…` is enough to be found, and whoever may
 * register applications can take it while it is free. The title and the bare names prove nothing by themselves, but the
 * app that the provider made has them all. null: it has.
 */
function unlikeItsOwn(
  { account, directory }: AppContext,
  application: Application,
  principal: ServicePrincipal,
): string | null {
  if (account.host === null) return 'The account shows no file endpoint, so the names of its app are not known';
  const { titles } = storageAppNames(account.name, account.host, directory.facts.tenantId);
  const title = [application, principal]
    .map(({ displayName }) => displayName)
    .find((displayName) => !titles.includes(displayName.toLowerCase()));
  if (title !== undefined) {
    return `The app is called ‹${title}›, which is neither what the storage provider calls the app of this account nor the account's name`;
  }
  const bare = ticketNames(account.host, directory.facts.tenantId).filter(({ form }) => form === 'bare');
  const missing = [application.identifierUris, principal.servicePrincipalNames].flatMap((held) =>
    namesMissing(bare, held),
  );
  if (missing.length === 0) return null;
  const names = [...new Set(missing.map(({ name }) => name))].join(', ');
  return `The app lacks names that the storage provider gives to the app of this account: ${names}`;
}
