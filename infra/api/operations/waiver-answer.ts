import { z } from 'zod';
import { changedFindings } from '../../../domain/audit/changed-findings.ts';
import type { StoredWaiver } from '../../../domain/audit/ports.ts';
import type { Waived } from '../../../domain/audit/waive.ts';
import { namedDocuments } from '../../documents/common.ts';
import { FindingDocument, findingDocument } from '../../documents/finding-document.ts';
import { WaiverDocument, waiverDocument } from '../../documents/waiver-document.ts';
import { askedWaiver } from '../asked-waiver.ts';
import type { Reply } from '../operation.ts';
import type { ApiPorts } from '../ports.ts';

const members = { schema: z.literal('kerbwatch.waiver/v1'), ...WaiverDocument.shape };

/** One waiver. */
export const WaiverAnswer = z.object(members).register(namedDocuments, { id: 'Waiver' });

/** A waiver after a change, as `kerbwatch findings waive --format json` prints it. */
export const ChangedWaiverAnswer = z
  .object({
    ...members,
    findings: z.array(FindingDocument).readonly().meta({ description: 'What the change did to findings at once.' }),
  })
  .register(namedDocuments, { id: 'ChangedWaiver' });

export function waiverReply({ waiver, version }: StoredWaiver): Reply<z.infer<typeof WaiverAnswer>> {
  return { document: { schema: 'kerbwatch.waiver/v1', ...waiverDocument(waiver) }, version };
}

/** The waiver as it is stored after a change, with the findings that it changed. */
export async function changedWaiverReply(
  { waiver: { id }, transitions }: Waived,
  { findings, waivers }: Pick<ApiPorts, 'findings' | 'waivers'>,
): Promise<Reply<z.infer<typeof ChangedWaiverAnswer>>> {
  const { document, version } = waiverReply(await askedWaiver(id, waivers));
  const changed = await changedFindings(transitions, findings);
  return {
    document: { ...document, findings: changed.map(findingDocument) },
    ...(version === undefined ? {} : { version }),
  };
}
