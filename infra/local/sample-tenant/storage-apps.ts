import { storageApplication, storageIdentifierUris, storageServicePrincipal } from '../azure/storage-application.ts';
import type { WireObject } from '../azure/wire-object.ts';
import type { AccountPlan } from './account-plan.ts';
import { fileHostOf } from './accounts.ts';
import { appIdOf, principalIdOf } from './directory-ids.ts';
import { daysFrom, guidFor, sampleTenantId } from './names.ts';

export interface DirectoryObjects {
  readonly applications: readonly WireObject[];
  readonly servicePrincipals: readonly WireObject[];
}

/** Application and principal of an account as its plan wants them: whole, half, broken or none. */
export function storageApp(plan: AccountPlan, now: Date): DirectoryObjects {
  if (plan.app === undefined || plan.app === 'missing') return { applications: [], servicePrincipals: [] };
  const application = plannedApplication(plan, now);
  const principal = plannedPrincipal(plan, application, now);
  if (plan.app === 'without-principal') return { applications: [application], servicePrincipals: [] };
  if (plan.app === 'two-claim-the-host') {
    const twin = manualTwin(plan, application, principal);
    return { applications: [application, twin.application], servicePrincipals: [principal, twin.principal] };
  }
  return { applications: [application], servicePrincipals: [principal] };
}

function plannedApplication(plan: AccountPlan, now: Date): WireObject {
  const made = storageApplication(idsOf(plan, plan.name), fileHostOf(plan), daysFrom(now, -issuedAgo(plan)));
  return {
    ...made,
    ...(plan.app === 'legacy' ? { displayName: plan.name } : {}),
    identifierUris: namesOf(plan),
    tags: plan.cloudGroupTag === true ? ['kdc_enable_cloud_group_sids'] : [],
    owners: plan.owned === true ? [{ '@odata.type': '#microsoft.graph.user', id: guidFor('user/adele') }] : [],
  };
}

function plannedPrincipal(plan: AccountPlan, application: WireObject, now: Date): WireObject {
  const made = storageServicePrincipal(idsOf(plan, plan.name), fileHostOf(plan), daysFrom(now, -issuedAgo(plan)));
  return {
    ...made,
    accountEnabled: plan.app !== 'disabled-principal',
    appDisplayName: application['displayName'],
    displayName: application['displayName'],
    appRoleAssignmentRequired: plan.assignmentRequired === true,
    servicePrincipalNames: [appIdOf(plan), ...namesOf(plan)],
    passwordCredentials: plan.noPasswords === undefined ? passwordsOf(plan, now) : [],
  };
}

function namesOf(plan: AccountPlan): string[] {
  const host = fileHostOf(plan);
  if (plan.app === 'legacy') return ['HTTP', 'CIFS', 'HOST'].map((service) => `${service}/${host}`);
  const names = storageIdentifierUris(sampleTenantId, host);
  if (plan.privateLinkNames === true) {
    names.push(...storageIdentifierUris(sampleTenantId, host.replace('.file.', '.privatelink.file.')));
  }
  if (plan.missingService !== undefined) {
    const missing = `${plan.missingService}/${host}`;
    return names.filter((name) => !name.endsWith(missing));
  }
  if (plan.lowerCaseNames !== true) return names;
  return names.map((name) => name.replace(/(HOST|CIFS|HTTP)(?=\/)/, (service) => service.toLowerCase()));
}

function passwordsOf(plan: AccountPlan, now: Date): WireObject[] {
  return (plan.passwords ?? []).map(({ endsIn, startedAgo }, index) => ({
    customKeyIdentifier: null,
    displayName: null,
    endDateTime: endsIn === null ? null : sevenDigits(daysFrom(now, endsIn)),
    hint: null,
    keyId: guidFor(`key/${plan.name}/${String(index)}`),
    secretText: null,
    startDateTime: sevenDigits(daysFrom(now, -startedAgo)),
  }));
}

/** Graph writes password times with seven fraction digits. */
function sevenDigits(time: Date): string {
  return time.toISOString().replace('Z', '0000Z');
}

function issuedAgo(plan: AccountPlan): number {
  return Math.max(30, ...(plan.passwords ?? []).map(({ startedAgo }) => startedAgo));
}

/** Somebody once registered the bare names by hand: Graph allows that beside the `api://` ones of the provider. */
function manualTwin(
  plan: AccountPlan,
  application: WireObject,
  principal: WireObject,
): { application: WireObject; principal: WireObject } {
  const ids = idsOf(plan, `${plan.name}/twin`);
  const displayName = `${plan.name} file shares (manual)`;
  const all = namesOf(plan);
  const bare = all.filter((name) => !name.startsWith('api://'));
  const own = all.filter((name) => name.startsWith('api://'));
  application['identifierUris'] = own;
  principal['servicePrincipalNames'] = [appIdOf(plan), ...own];
  return {
    application: { ...application, id: ids.applicationId, appId: ids.appId, displayName, identifierUris: bare },
    principal: {
      ...principal,
      id: ids.principalId,
      appId: ids.appId,
      appDisplayName: displayName,
      displayName,
      servicePrincipalNames: [ids.appId, ...bare],
    },
  };
}

function idsOf(
  plan: AccountPlan,
  name: string,
): { tenantId: string; appId: string; applicationId: string; principalId: string; keyId: string } {
  const first = name === plan.name;
  return {
    tenantId: sampleTenantId,
    appId: first ? appIdOf(plan) : guidFor(`app-id/${name}`),
    applicationId: guidFor(`application/${name}`),
    principalId: first ? principalIdOf(plan) : guidFor(`service-principal/${name}`),
    keyId: guidFor(`key/${name}`),
  };
}
