import type { Finding } from '../../domain/findings/finding.ts';
import { isoTime } from './time-text.ts';

/**
 * A stored finding as JSON for scripts: the members of an audit's, and where it stands.
 * @param lastSeenAt epoch milliseconds; null for a closed one, and where nobody knows
 */
export function findingDocument(finding: Finding, lastSeenAt: number | null): object {
  const { account, acknowledgement, waiver, repair } = finding;
  return {
    id: finding.id,
    rule: finding.rule,
    state: finding.state,
    outcome: finding.outcome,
    severity: finding.severity,
    account:
      account === null
        ? null
        : {
            id: account.id,
            name: account.name,
            subscriptionId: account.subscriptionId,
            resourceGroup: account.resourceGroup,
            location: account.location,
            host: account.host,
          },
    subject: finding.subject,
    title: finding.title,
    evidence: finding.evidence,
    deciders: finding.deciders,
    episode: finding.episode,
    firstSeenAt: isoTime(finding.firstSeenAt),
    lastSeenAt: isoTime(lastSeenAt),
    openedAt: isoTime(finding.openedAt),
    changedAt: isoTime(finding.changedAt),
    factsReadAt: isoTime(finding.factsReadAt),
    cameBackAt: finding.flaps.map(isoTime),
    acknowledgement:
      acknowledgement === null
        ? null
        : { by: acknowledgement.by, note: acknowledgement.note, at: isoTime(acknowledgement.at) },
    waiver: waiver === null ? null : { id: waiver.id, until: isoTime(waiver.until) },
    repair: repair === null ? null : { jobId: repair.jobId, expiresAt: isoTime(repair.expiresAt) },
    page: `docs/rules/${finding.rule}.md`,
  };
}
