import { z } from 'zod';
import type { OtherWaiver } from '../../domain/audit/other-waivers.ts';
import { WaiverDocument, waiverDocument } from './waiver-document.ts';

/** A waiver beside the one that was changed, with what is under it. */
export const OtherWaiverDocument = z.object({
  waiver: WaiverDocument,
  findings: z
    .array(z.object({ id: z.string(), account: z.string().nullable() }))
    .readonly()
    .meta({
      description: 'Ids of findings that are under it, with the ARM ids of their accounts.',
    }),
});
export type OtherWaiverDocument = z.infer<typeof OtherWaiverDocument>;

export function otherWaiverDocument({ waiver, findings }: OtherWaiver): OtherWaiverDocument {
  return {
    waiver: waiverDocument(waiver),
    findings: findings.map(({ id, account }) => ({ id, account: account?.id ?? null })),
  };
}
