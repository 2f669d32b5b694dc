import { isLoopback } from '../azure/loopback.ts';
import { sign } from './signature.ts';

export interface WebhookTarget {
  /** https; plain http on this machine only. Its path and query may be secrets, and are never told. */
  readonly url: string;
  readonly secret: string;
  readonly fetch: typeof fetch;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Default 10,000. */
  readonly timeoutMs?: number;
}

/** A receiver did not take an alert. The queue brings the alert again. */
export class WebhookFailed extends Error {
  override readonly name = 'WebhookFailed';
  /** Origin of the URL; the rest may hold a secret. */
  readonly origin: string;
  /** null when there was no answer. */
  readonly status: number | null;

  constructor(origin: string, status: number | null, what: string) {
    super(`Webhook at ${origin} did not take the alert: ${what}. It is tried again; check the receiver.`);
    this.origin = origin;
    this.status = status;
  }
}

/** The settings name a place that no alert may go to. */
export class WebhookUrlRefused extends Error {
  override readonly name = 'WebhookUrlRefused';
}

/**
 * Posts an alert's JSON, signed in `X-Signature` (contracts, Alert). Redirects are not followed.
 * @throws WebhookFailed for any answer but 2xx, or none in time; WebhookUrlRefused.
 */
export async function deliverWebhook(alertBody: string, target: WebhookTarget): Promise<void> {
  const { url, secret, fetch, now, timeoutMs = 10_000 } = target;
  const { origin } = checkedUrl(url);
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        'content-type': 'application/cloudevents+json; charset=utf-8',
        'x-signature': sign(alertBody, secret, now),
      },
      body: alertBody,
    });
  } catch (error) {
    // No cause is kept: what fetch throws may show the whole URL.
    throw new WebhookFailed(origin, null, noAnswer(error, timeoutMs));
  }
  await response.body?.cancel();
  if (!response.ok) throw new WebhookFailed(origin, response.status, `HTTP ${String(response.status)}`);
}

function checkedUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null) throw new WebhookUrlRefused('The webhook channel has no valid URL: check "alerts" in the settings');
  const allowed = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url));
  if (allowed && url.username === '' && url.password === '') return url;
  throw new WebhookUrlRefused(
    `Alerts do not go to ${url.origin}: the URL must be https (http only on this machine) and hold no user or password`,
  );
}

function noAnswer(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return 'no answer';
  if (error.name === 'TimeoutError') return `no answer within ${String(timeoutMs / 1000)} s`;
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (typeof code === 'string') return `no answer (${code})`;
  return cause instanceof Error && cause.message === 'unexpected redirect' ? 'it redirects' : 'no answer';
}
