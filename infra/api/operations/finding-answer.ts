import { z } from 'zod';
import type { StoredFinding } from '../../../domain/audit/ports.ts';
import { namedDocuments } from '../../documents/common.ts';
import { FindingDocument, findingDocument } from '../../documents/finding-document.ts';
import type { Reply } from '../operation.ts';
import { text } from '../query-values.ts';

/** One finding, as `kerbwatch findings ack --format json` prints it. */
export const FindingAnswer = z
  .object({ schema: z.literal('kerbwatch.finding/v1'), ...FindingDocument.shape })
  .register(namedDocuments, { id: 'Finding' });
export type FindingAnswer = z.infer<typeof FindingAnswer>;

/** Which of several accounts of one name is meant. */
export const AccountQuery = z.strictObject({
  account: text(/^\/[^/]+\/[^/]+\/.+$/u, 'the ARM id of an account')
    .optional()
    .meta({ description: 'ARM id of the account, where several have the name.' }),
});

export function findingReply({ finding, version }: StoredFinding): Reply<FindingAnswer> {
  return { document: { schema: 'kerbwatch.finding/v1', ...findingDocument(finding) }, version };
}
