import type { Application, ServicePrincipal } from '../model/directory.ts';
import type { AppContext } from './app-context.ts';
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
 * The account's app, where all hold: both lists of apps were read whole, `storage-app-unambiguous` passes on facts that
 * name its owners and its maker, and its principal is enabled. What is ambiguous, or may be an impostor, is for a person.
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
  if (app === undefined || !('object' in app.principal)) return none('The account has no app with a service principal');
  const { state, object: principal } = app.principal;
  if (state === 'disabled') return manual(disabledPrincipal(context, principal));
  if (state === 'unclear') return none('Whether the service principal is enabled was not read');
  if (app.application === null) {
    return manual(recreateApp(context, 'The service principal is there and its application is not'));
  }
  if (app.application.ownerIds === null) return none('The owners of the app were not read, and an owner can act as it');
  if (principal.ownerTenantId === null) return none('The tenant that the app was made in was not read');
  return { kind: 'sound', appId: app.appId, principal, application: app.application };
}
