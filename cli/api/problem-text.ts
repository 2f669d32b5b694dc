import { z } from 'zod';

/** What the API says of a problem (RFC 9457), as far as a person needs it. */
const Problem = z.object({
  title: z.string().optional(),
  detail: z.string().optional(),
  candidates: z
    .array(z.object({ account: z.string().nullable() }))
    .optional()
    .catch(undefined),
});

/** Whether a problem is one that the API tells, and not one of whatever else answers at its address. */
export function isOfApi(body: unknown): boolean {
  const { type } = z.object({ type: z.string() }).safeParse(body).data ?? {};
  return type?.startsWith('urn:kerbwatch:problem:') === true && type !== 'urn:kerbwatch:problem:no-function';
}

/** An answer that is an error, in a line: the problem's own words, the accounts it asks to choose from, and when to come back. */
export function problemText({ status, headers }: Pick<Response, 'status' | 'headers'>, body: unknown): string {
  const { title, detail, candidates = [] } = Problem.safeParse(body).data ?? {};
  const words = [title, detail].filter((each) => each !== undefined).join(': ');
  const wait = headers.get('Retry-After');
  const retry = wait === null || !/^\d+$/u.test(wait) ? '' : ` Try again in ${wait} s.`;
  const accounts = candidates.flatMap(({ account }) => account ?? []).join(', ');
  return `${words === '' ? `it answered ${String(status)}.` : words}${accounts === '' ? '' : ` (${accounts})`}${retry}`;
}
