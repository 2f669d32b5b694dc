import { z } from 'zod';
import type { RunStore } from '../../../domain/audit/ports.ts';
import type { Run } from '../../../domain/audit/run.ts';
import { GapDocument, Instant, namedDocuments } from '../../documents/common.ts';
import { CoverageDocument, coverageDocument } from '../../documents/run-document.ts';
import { isoTime } from '../../documents/iso-time.ts';
import type { Reply } from '../operation.ts';

/** What a run read. */
export const CoverageAnswer = z
  .object({
    schema: z.literal('kerbwatch.coverage/v1'),
    run: z.string(),
    startedAt: Instant,
    finishedAt: Instant,
    complete: z.boolean().meta({ description: 'The run is finished, and read all that the rules need.' }),
    gaps: z.array(GapDocument).readonly(),
    coverage: z.array(CoverageDocument).readonly(),
  })
  .register(namedDocuments, { id: 'Coverage' });

export async function coverageReply(
  { id, startedAt, finishedAt, gaps }: Run,
  runs: Pick<RunStore, 'coverage'>,
): Promise<Reply<z.infer<typeof CoverageAnswer>>> {
  return {
    document: {
      schema: 'kerbwatch.coverage/v1',
      run: id,
      startedAt: isoTime(startedAt),
      finishedAt: isoTime(finishedAt),
      complete: finishedAt !== null && gaps.length === 0,
      gaps,
      coverage: (await runs.coverage(id)).map(coverageDocument),
    },
  };
}
