import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';

import { everyMethod } from './every-method.ts';
import { services } from './services.ts';

/** The HTTP API: who asks is known by a bearer token, so that the platform's own keys play no part. */
export async function api(request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  const { api } = await services();
  return api.handle(request, context);
}

export function register(): void {
  app.http('api', {
    methods: [...everyMethod],
    authLevel: 'anonymous',
    route: 'v1/{*path}',
    handler: api,
  });
}
