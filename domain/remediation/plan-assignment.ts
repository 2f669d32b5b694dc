import { none, type Planned, planned } from './planned.ts';
import { objectPath, selecting } from './plan-url.ts';
import type { AppContext } from './app-context.ts';
import { soundApp } from './sound-app.ts';

/** Sets "assignment required" of the storage app's principal to no (domain facts 5). */
export function planAssignment(context: AppContext): Planned {
  const app = soundApp(context);
  if (app.kind !== 'sound') return app;
  const { id, displayName, appRoleAssignmentRequired, servicePrincipalNames } = app.principal;
  if (appRoleAssignmentRequired === null) return none('Whether the app demands an assignment was not read');
  if (!appRoleAssignmentRequired) return none('The app demands no assignment');
  const url = objectPath('servicePrincipals', id);
  const same = { '/appId': app.appId, '/accountEnabled': true, '/servicePrincipalNames': servicePrincipalNames };
  return planned(
    {
      action: 'assignment-not-required',
      risk: 'safe',
      target: { type: 'servicePrincipal', id, name: displayName },
      calls: [
        {
          method: 'PATCH',
          url,
          body: { appRoleAssignmentRequired: false },
          permission: 'Application.ReadWrite.All',
          reads: {
            url: selecting(url, 'appId', 'accountEnabled', 'servicePrincipalNames', 'appRoleAssignmentRequired'),
            expect: { ...same, '/appRoleAssignmentRequired': true },
            afterwards: { ...same, '/appRoleAssignmentRequired': false },
          },
          undo: { method: 'PATCH', url, body: { appRoleAssignmentRequired: true } },
          before: { appRoleAssignmentRequired: true },
          after: { appRoleAssignmentRequired: false },
        },
      ],
    },
    context.account,
  );
}
