import { type CollectionName, collectionNames } from '../model/collection.ts';
import { type Coverage, isLost, wholeTenant } from '../model/coverage.ts';
import type { OperationRule, SubjectVerdict } from './rule.ts';
import { byCodeUnit, verdict } from './verdicts.ts';

/** What lies in subscriptions: who loses sight of one loses all of these at once. */
const ofSubscriptions: ReadonlySet<CollectionName> = new Set([
  'storage-accounts',
  'file-services',
  'private-endpoints',
  'role-assignments',
  'role-definitions',
]);

/** A permission that was taken away makes every rule say unknown, which changes no finding: this one speaks for all (law 1). */
export const coverageLost: OperationRule = {
  about: 'operation',
  id: 'coverage-lost',
  statement: 'Everything that was read before can still be read',
  why: 'What cannot be read opens no finding and closes none: without this one, a lost permission would look like a quiet night.',
  severity: 'high',
  needs: [],
  helpedBy: [],
  symptom: null,
  remediation: { summary: "Give the auditor's identity back the permission that is named", action: null },
  thresholds: {},
  evaluate: ({ coverage }) => ({
    subjects: told(coverage).map(lost),
    others: verdict('pass', coverageLost.severity, coverageLost.statement),
  }),
};

/** What was lost together, told once: the entry that speaks, and all it speaks for, itself among them. */
interface Loss {
  readonly speaker: Coverage;
  readonly entries: readonly Coverage[];
}

function told(coverage: readonly Coverage[]): readonly Loss[] {
  const losses = coverage.filter(isLost);
  const byName = new Map(losses.map((entry) => [nameOf(entry), entry]));
  const groups = Map.groupBy(losses, (entry) => nameOf(speakerOf(entry, byName)));
  return [...groups].flatMap(([name, entries]) => {
    const speaker = byName.get(name);
    return speaker === undefined ? [] : [{ speaker, entries }];
  });
}

/** Storage accounts speak for what was lost with them, in the subscription or in all; what was lost before speaks for itself. */
function speakerOf(entry: Coverage, losses: ReadonlyMap<string, Coverage>): Coverage {
  if (!ofSubscriptions.has(entry.collection)) return entry;
  const together = [wholeTenant, entry.place]
    .map((place) => losses.get(nameOf({ place, collection: 'storage-accounts' })))
    .find((leader) => leader?.readAt === entry.readAt);
  return together ?? entry;
}

function nameOf({ place, collection }: Pick<Coverage, 'place' | 'collection'>): string {
  return `${place}:${collection}`;
}

function lost({ speaker, entries }: Loss): SubjectVerdict {
  const { place, readAt } = speaker;
  const collections = collectionNames.filter((name) => entries.some(({ collection }) => collection === name));
  const others = new Set(entries.map((entry) => entry.place)).size - 1;
  const reasons = distinct(entries.flatMap(({ gaps }) => gaps.map(({ reason }) => reason)));
  const needs = distinct(entries.flatMap(({ gaps }) => gaps.flatMap((gap) => gap.needs ?? [])));
  const where = place === wholeTenant ? 'of the tenant' : `of subscription ${place}`;
  const further = others === 0 ? '' : `, in ${String(others)} subscriptions as well`;
  const mend = needs.length === 0 ? '' : `; needs ${needs.join(' and ')}`;
  return {
    subject: nameOf(speaker),
    verdict: verdict(
      'fail',
      coverageLost.severity,
      `${collections.join(', ')} ${where} were read before and cannot be read whole any more${further}: ${reasons.join(', ')}${mend}`,
      {
        evidence: {
          place,
          collections,
          subscriptions: others,
          reasons,
          needs,
          lastReadAt: readAt === null ? null : new Date(readAt).toISOString(),
        },
        deciders: collections,
      },
    ),
  };
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort(byCodeUnit);
}
