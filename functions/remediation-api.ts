import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';

import { everyMethod } from './every-method.ts';
import { services } from './services.ts';

/** The remediator's HTTP API: who decides on jobs is known by a bearer token, so that the platform's own keys play no part. */
export async function remediationApi(request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  const { remediationApi } = await services();
  return remediationApi.handle(request, context);
}

export function register(): void {
  app.http('remediation-api', {
    methods: [...everyMethod],
    authLevel: 'anonymous',
    route: 'remediation/v1/{*path}',
    handler: remediationApi,
  });
}
