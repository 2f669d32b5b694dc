import { z } from 'zod';
import { listWaivers as waiversOf } from '../../../domain/audit/waive.ts';
import { namedDocuments, openWord } from '../../documents/common.ts';
import { WaiverDocument, waiverDocument } from '../../documents/waiver-document.ts';
import { operation, type Reply } from '../operation.ts';
import { flag } from '../query-values.ts';

const Answer = z
  .object({
    schema: z.literal('kerbwatch.waivers/v1'),
    waivers: z
      .array(z.object({ state: openWord(['holds', 'pending', 'later', 'over']), ...WaiverDocument.shape }))
      .readonly(),
    malformed: z
      .array(z.string())
      .readonly()
      .meta({ description: 'Ids of rows that are no waiver: they waive nothing.' }),
  })
  .register(namedDocuments, { id: 'Waivers' });
type Answer = z.infer<typeof Answer>;

export const listWaivers = operation({
  method: 'GET',
  path: '/waivers',
  role: 'Findings.Read',
  summary: 'Lists waivers, the one that ends first before the others',
  query: z.strictObject({ all: flag().meta({ description: 'Those that are over as well.' }) }),
  body: null,
  status: 200,
  answer: Answer,
  etag: null,
  problems: ['request'],
  async handle({ query: { all } }, { waivers, now }): Promise<Reply<Answer>> {
    const listed = (await waiversOf(waivers, now()))
      .filter(({ state }) => all || state !== 'over')
      .sort((a, b) => a.waiver.until - b.waiver.until);
    return {
      document: {
        schema: 'kerbwatch.waivers/v1',
        waivers: listed.map(({ state, waiver }) => ({ state, ...waiverDocument(waiver) })),
        malformed: await waivers.malformed(),
      },
    };
  },
});
