import { z } from 'zod';
import { lastSeen, type LastSeenPorts } from '../../../domain/audit/last-seen.ts';
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

/** The version is that of what is stored: when the fault was last seen moves without it. */
export async function findingReply(
  { finding, version }: StoredFinding,
  ports: LastSeenPorts,
): Promise<Reply<FindingAnswer>> {
  const lastSeenAt = await lastSeen(ports)(finding);
  return { document: { schema: 'kerbwatch.finding/v1', ...findingDocument(finding, lastSeenAt) }, version };
}
