import { problem, type HttpAnswer } from './http-exchange.ts';
import type { Timers } from './timers.ts';

const ADMIN_PATH = /^\/admin\/functions\/([^/]+)$/;

/**
 * `POST /admin/functions/NAME` starts a timer by hand and answers 202 at once, as on the platform; undefined for any other path.
 * https://learn.microsoft.com/azure/azure-functions/functions-manually-run-non-http
 */
export function answerAdmin(method: string, path: string, timers: Timers): HttpAnswer | undefined {
  const name = ADMIN_PATH.exec(path)?.[1];
  if (name === undefined) return undefined;
  if (method !== 'POST') return problem('method', 'Post to run a function.', { Allow: 'POST' });
  if (!timers.has(name)) return problem('not-found', `There is no timer function "${name}".`);
  // Nobody waits for the run; its failure is in the log and among the invocations.
  timers.run(name, false).catch(() => undefined);
  return { status: 202 };
}
