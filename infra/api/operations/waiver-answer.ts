import { z } from 'zod';
import { changedFindings } from '../../../domain/audit/changed-findings.ts';
import { lastSeen, type LastSeenPorts } from '../../../domain/audit/last-seen.ts';
import { otherWaivers } from '../../../domain/audit/other-waivers.ts';
import type { StoredWaiver } from '../../../domain/audit/ports.ts';
import type { Waived } from '../../../domain/audit/waive.ts';
import { namedDocuments } from '../../documents/common.ts';
import { FindingDocument, findingDocument } from '../../documents/finding-document.ts';
import { OtherWaiverDocument, otherWaiverDocument } from '../../documents/other-waiver-document.ts';
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
    others: z
      .array(OtherWaiverDocument)
      .readonly()
      .default([])
      .meta({ description: 'Other waivers that findings are under which this one is about: they are still waived.' }),
  })
  .register(namedDocuments, { id: 'ChangedWaiver' });

export function waiverReply({ waiver, version }: StoredWaiver): Reply<z.infer<typeof WaiverAnswer>> {
  return { document: { schema: 'kerbwatch.waiver/v1', ...waiverDocument(waiver) }, version };
}

/** The waiver as it is stored after a change, with the findings that it changed. */
export async function changedWaiverReply(
  { waiver: { id }, transitions }: Waived,
  ports: Pick<ApiPorts, 'findings' | 'waivers' | 'accountTags'> & LastSeenPorts,
): Promise<Reply<z.infer<typeof ChangedWaiverAnswer>>> {
  const stored = await askedWaiver(id, ports.waivers);
  const { document, version } = waiverReply(stored);
  const changed = await changedFindings(transitions, ports.findings);
  const seenAt = lastSeen(ports);
  const findings = await Promise.all(changed.map(async (finding) => findingDocument(finding, await seenAt(finding))));
  const others = await otherWaivers(stored.waiver, ports);
  return {
    document: { ...document, findings, others: others.map(otherWaiverDocument) },
    ...(version === undefined ? {} : { version }),
  };
}
