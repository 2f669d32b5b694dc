import type { DeltaList } from '../../../domain/audit/watched-lists.ts';

/** A list that is followed by delta: where the first look begins, and the least application permission it takes. */
export interface GraphDelta {
  readonly path: string;
  readonly needs: string;
}

/** A delta tells of changes to what was selected and of no others, so all is selected that a rule rests on. */
export const deltaPaths: Readonly<Record<DeltaList, GraphDelta>> = {
  applications: {
    path: deltaOf('applications', [
      'id',
      'appId',
      'displayName',
      'identifierUris',
      'tags',
      'passwordCredentials',
      'web',
      'spa',
      'publicClient',
    ]),
    needs: 'Application.Read.All',
  },
  'service-principals': {
    path: deltaOf('servicePrincipals', [
      'id',
      'appId',
      'displayName',
      'servicePrincipalNames',
      'accountEnabled',
      'disabledByMicrosoftStatus',
      'appRoleAssignmentRequired',
      'tags',
      'passwordCredentials',
    ]),
    needs: 'Application.Read.All',
  },
  'oauth2-permission-grants': {
    path: deltaOf('oauth2PermissionGrants', ['id', 'clientId', 'consentType', 'resourceId', 'scope']),
    needs: 'Directory.Read.All',
  },
};

function deltaOf(resource: string, members: readonly string[]): string {
  return `/v1.0/${resource}/delta?$select=${members.join(',')}`;
}
