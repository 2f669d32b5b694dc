import type { LocalRequest } from '../exchange.ts';
import { Refusal } from '../refusal.ts';

/** ARM answers nothing without an api-version. Which one is not looked at. */
export function requireApiVersion(request: LocalRequest): void {
  if (/^\d{4}-\d{2}-\d{2}(-preview)?$/.test(request.query.get('api-version') ?? '')) return;
  throw new Refusal(
    400,
    'MissingApiVersionParameter',
    'The api-version query parameter (?api-version=) is required for all requests.',
  );
}
