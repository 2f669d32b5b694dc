import { z } from 'zod';
import type { Finding } from '../../domain/findings/finding.ts';
import { states } from '../../domain/findings/lifecycle.ts';
import { ActorDocument, Instant, namedDocuments, openWord, Severity } from './common.ts';
import { isoTime } from './iso-time.ts';

const AccountDocument = z.object({
  id: z.string(),
  name: z.string(),
  subscriptionId: z.string(),
  resourceGroup: z.string(),
  location: z.string(),
  host: z.string().nullable(),
});

/** A stored finding as JSON for scripts: the members of an audit's, and where it stands. */
export const FindingDocument = z
  .object({
    id: z.string().meta({ description: 'account/rule, or -/rule/subject for a finding about the tenant.' }),
    rule: z.string(),
    state: openWord(states),
    outcome: openWord(['fail', 'warn', 'unknown']),
    severity: Severity,
    account: AccountDocument.nullable(),
    subject: z.string().nullable(),
    title: z.string(),
    evidence: z.record(z.string(), z.unknown()),
    deciders: z.array(z.string()).readonly(),
    episode: z.int(),
    firstSeenAt: Instant,
    lastSeenAt: Instant.meta({
      description: 'When the fault was last seen; null for a closed one, and where nobody knows.',
    }),
    openedAt: Instant,
    changedAt: Instant,
    factsReadAt: Instant,
    cameBackAt: z.array(Instant).readonly(),
    acknowledgement: z.object({ by: ActorDocument, note: z.string(), at: Instant }).nullable(),
    waiver: z.object({ id: z.string(), until: Instant }).nullable(),
    repair: z.object({ jobId: z.string(), expiresAt: Instant }).nullable(),
    page: z.string().meta({ description: 'The page of the rule, in the repository.' }),
  })
  .register(namedDocuments, { id: 'StoredFinding' });
export type FindingDocument = z.infer<typeof FindingDocument>;

/** @param lastSeenAt epoch milliseconds; null for a closed one, and where nobody knows */
export function findingDocument(finding: Finding, lastSeenAt: number | null): FindingDocument {
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
