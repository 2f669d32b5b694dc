import type { z } from 'zod';
import type { ApiAddress } from './api-address.ts';
import { ApiUnreachable } from './errors.ts';

/** What the API answered, as this version knows it. @throws ApiUnreachable for what is no such answer */
export function answerOf<Answer extends z.ZodType>(
  schema: Answer,
  answer: unknown,
  address: ApiAddress,
): z.output<Answer> {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new ApiUnreachable(
    address,
    'it answers what this version does not understand; check that it is the address of the API, and no older than this program',
  );
}
