import type { ServicePrincipal } from '../../model/directory.ts';
import type { AppContext } from '../app-context.ts';
import { graphCall, look, signIn } from './calls.ts';
import { mount } from './recreate-app.ts';
import { shown } from './shell.ts';
import { aboutAccount, type ManualTask } from './task.ts';

/** Somebody disabled the principal, and may have had a reason: a person asks before it is enabled. */
export function disabledPrincipal({ account, directory }: AppContext, principal: ServicePrincipal): ManualTask {
  const path = `/v1.0/servicePrincipals/${principal.id}`;
  const byMicrosoft = principal.disabledByMicrosoftStatus;
  return {
    runbook: 'disabled-principal',
    title: `Enable the service principal of ${shown(principal.displayName)}`,
    why:
      byMicrosoft === null
        ? 'Somebody disabled the service principal, and why has to be known first.'
        : `Microsoft disabled the service principal (${shown(byMicrosoft)}), and no write takes that back.`,
    about: aboutAccount(account),
    rights: 'Cloud Application Administrator.',
    breaks: 'Nothing more than is broken: no ticket is issued until it is enabled.',
    steps: [
      signIn(directory.facts.tenantId, account, ['Application.ReadWrite.All', 'AuditLog.Read.All']),
      look(
        'Find out who disabled it.',
        graphCall(
          'GET',
          `/v1.0/auditLogs/directoryAudits?$filter=activityDisplayName eq 'Update service principal' and targetResources/any(t:t/id eq '${principal.id}')`.replaceAll(
            ' ',
            '%20',
          ),
        ),
        'Whoever did it agrees. If Microsoft did, open a support request and stop here.',
      ),
      {
        does: 'Enable it.',
        commands: graphCall('PATCH', path, { accountEnabled: true }),
        check: `GET ${path}?$select=accountEnabled,disabledByMicrosoftStatus shows true and null.`,
        back: graphCall('PATCH', path, { accountEnabled: false })[0]?.line ?? '',
      },
      mount(account.host ?? account.name),
    ],
  };
}
