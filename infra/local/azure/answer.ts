import { fileServiceRoutes } from './arm/file-services.ts';
import { managementGroupRoutes } from './arm/management-groups.ts';
import { resourceGraphRoutes } from './arm/resource-graph.ts';
import { storageAccountRoutes } from './arm/storage-accounts.ts';
import { subscriptionRoutes } from './arm/subscriptions.ts';
import type { ApiKind } from './caller.ts';
import { answerFrom, type LocalCloud, type LocalRequest, type LocalResponse, type Route } from './exchange.ts';
import { applicationRoutes } from './graph/applications.ts';
import { conditionalAccessRoutes } from './graph/conditional-access.ts';
import { audited } from './graph/audited-acts.ts';
import { deltaRoutes } from './graph/delta.ts';
import { directoryAuditRoutes } from './graph/directory-audits.ts';
import { evaluateRoutes } from './graph/evaluate.ts';
import { permissionGrantRoutes } from './graph/permission-grants.ts';
import { graphReadRoutes } from './graph/read.ts';
import { graphWriteRoutes } from './graph/write.ts';
import { userRoutes } from './graph/users.ts';
import { Refusal } from './refusal.ts';

const routes: Readonly<Record<ApiKind, readonly Route[]>> = {
  resourceGraph: resourceGraphRoutes,
  arm: [...managementGroupRoutes, ...subscriptionRoutes, ...storageAccountRoutes, ...fileServiceRoutes],
  graph: [
    // Before the reads, which would take `delta` for an id.
    ...deltaRoutes,
    ...graphReadRoutes,
    ...graphWriteRoutes,
    ...applicationRoutes,
    ...permissionGrantRoutes,
    ...conditionalAccessRoutes,
    ...evaluateRoutes,
    ...directoryAuditRoutes,
    ...userRoutes,
  ],
};

/**
 * What the API answers to a request that passed the gate.
 *
 * @throws Refusal for every answer that is an error; 404 naming the path where nothing is served.
 */
export function answer(cloud: LocalCloud, kind: ApiKind, request: LocalRequest): LocalResponse {
  const answered = (): LocalResponse => answerFrom(routes[kind], cloud, request) ?? refuseUnknown(kind, request);
  return kind === 'graph' ? audited(cloud, request, answered) : answered();
}

function refuseUnknown(kind: ApiKind, request: LocalRequest): never {
  const path = kind === 'graph' ? `/v1.0${request.path}` : request.path;
  throw new Refusal(
    404,
    kind === 'graph' ? 'ResourceNotFound' : 'NotFound',
    `${request.method} ${path} is not served by the embedded cloud.`,
  );
}
