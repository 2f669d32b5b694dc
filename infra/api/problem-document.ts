import { z } from 'zod';
import { namedDocuments } from '../documents/common.ts';

/** What went wrong, as RFC 9457 tells it. */
export const ProblemDocument = z
  .object({
    type: z.string().meta({ description: 'What kind of problem it is, the same for each of its kind.' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: 'What is wrong with this request, and what to do.' }),
    problems: z.array(z.string()).optional().meta({ description: 'Each thing that is wrong with what was sent.' }),
    candidates: z
      .array(z.object({ account: z.string().nullable(), state: z.string().optional() }))
      .optional()
      .meta({ description: 'What an ambiguous name could mean.' }),
  })
  .register(namedDocuments, { id: 'Problem' });
