import type { AccountPlan } from './account-plan.ts';
import { guidFor } from './names.ts';

/** Client id of the storage app of an account. */
export function appIdOf(plan: AccountPlan): string {
  return guidFor(`app-id/${plan.name}`);
}

/** Client id the storage app had before the account was last switched off and on. */
export function formerAppIdOf(plan: AccountPlan): string {
  return guidFor(`former-app-id/${plan.name}`);
}

/** Object id of the storage app's service principal. */
export function principalIdOf(plan: AccountPlan): string {
  return guidFor(`service-principal/${plan.name}`);
}

/** Object id of Microsoft Graph's own principal, which differs from tenant to tenant. */
export const microsoftGraphPrincipalId = guidFor('service-principal/Microsoft Graph');

/** Object id of another Microsoft principal that consent can be given on. */
export const exchangePrincipalId = guidFor('service-principal/Office 365 Exchange Online');

/** The demonstration's line-of-business apps, by display name. */
export const businessApps = [
  'Contoso Payroll Portal',
  'Contoso HR Portal (legacy)',
  'Contoso Expenses',
  'Contoso Ticketing',
  'Contoso Intranet Search',
  'Contoso Data Catalog',
  'Contoso Badge Printing',
  'Contoso Fleet',
  'Contoso Travel',
  'Contoso Learning',
  'Contoso Store Locator',
  'Contoso Returns',
  'Contoso Planogram Viewer',
  'Contoso Build Dashboard',
  'Contoso Licence Server',
  'Contoso CAD Vault',
  'Contoso Timesheets',
  'Contoso Signatures',
  'Contoso Newsletters',
  'Contoso Chat Bridge',
  'Contoso Meeting Rooms',
  'Contoso Car Park',
] as const;

export function businessAppIdOf(name: (typeof businessApps)[number]): string {
  return guidFor(`app-id/${name}`);
}
