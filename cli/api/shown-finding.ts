import type { Finding } from '../../domain/findings/finding.ts';
import type { FindingDocument } from '../../infra/documents/finding-document.ts';
import type { ShownFinding } from '../report/finding-text.ts';

/** A finding that the API answered, as reports take it. Words that a newer API has stay as they are; what is no time shows as `-`. */
export function shownFinding(document: FindingDocument): ShownFinding {
  const { acknowledgement, waiver, account } = document;
  return {
    ...document,
    account,
    state: document.state as Finding['state'],
    severity: document.severity as Finding['severity'],
    outcome: document.outcome as Finding['outcome'],
    evidence: document.evidence as Finding['evidence'],
    flaps: document.cameBackAt.map(instant),
    firstSeenAt: instant(document.firstSeenAt),
    openedAt: instant(document.openedAt),
    changedAt: instant(document.changedAt),
    factsReadAt: instant(document.factsReadAt),
    acknowledgement:
      acknowledgement === null
        ? null
        : {
            by: acknowledgement.by as NonNullable<Finding['acknowledgement']>['by'],
            note: acknowledgement.note,
            at: instant(acknowledgement.at),
          },
    waiver: waiver === null ? null : { id: waiver.id, until: instant(waiver.until) },
  };
}

/** Epoch milliseconds; NaN for none. */
function instant(text: string | null): number {
  return Date.parse(text ?? '');
}
