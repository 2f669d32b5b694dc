import type { HttpMethod } from '@azure/functions';

/** What a method is not taken for is said by the API itself, in the form of its other problems, and not by the host. TRACE is left to the host: the library cannot make a request of it. */
export const everyMethod = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
] as const satisfies readonly HttpMethod[];
