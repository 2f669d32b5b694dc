import { deliveryPartition } from '../../../infra/azure/tables/alert-deliveries.ts';
import type { Simulation } from '../simulation.ts';
import { longestSkew } from '../weather.ts';
import type { Seen } from '../witness.ts';
import { instant } from './stored.ts';

/** What people are told of (docs/findings.md): the word in an alert for a step in history. */
const told: Readonly<Partial<Record<Seen['transition']['kind'], string>>> = {
  opened: 'opened',
  reopened: 'reopened',
  'waiver-ended': 'reopened',
  unrepaired: 'reopened',
  'given-up': 'reopened',
  worse: 'worse',
  resolved: 'resolved',
};

/** As long as an audit may take that began before a first audit was over. */
const longestAudit = 15 * 60_000;

/** Each transition that calls for an alert is in exactly one, and no alert tells of anything else. */
export function alerts({ witness, receiver, violations, struckLast }: Simulation): void {
  const wanted = new Set<string>();
  const may = new Map<string, string>();
  for (const seen of witness.transitions) {
    const { key, rule, number, kind, before } = seen.transition;
    const word = told[kind];
    if (word === undefined || seen.finding.severity === 'info') continue;
    if (word === 'resolved' && before?.state === 'waived') continue;
    const id = `${key}/${rule}#${String(number)}`;
    const called = isCalledFor(seen, witness.baselinedAt.get(seen.partition) ?? Infinity, witness.finishedRuns);
    if (called === 'yes') wanted.add(id);
    if (called !== 'no') may.set(id, toldOf(seen, word));
  }
  const lost = new Set([...struckLast.values()].map((body) => (JSON.parse(body) as { readonly id?: string }).id));
  for (const id of wanted) {
    if (!receiver.taken.has(id) && !lost.has(id)) violations.add(`Nobody was told of ${id}`);
  }
  for (const [id, taken] of receiver.taken) {
    const words = may.get(id);
    if (!/^(?:run|waiver|review|job)\//.test(id) && words === undefined)
      violations.add(`An alert tells of what calls for none: ${id}`);
    const heard = taken.map(({ body }) => heardOf(body)).find((one) => one !== words);
    if (words !== undefined && heard !== undefined)
      violations.add(`Alert ${id} tells of ${heard}, and what happened was ${words}`);
    if (new Set(taken.map(({ body }) => body)).size > 1) violations.add(`Alert ${id} came with different words`);
    // The receiver knows it by its id; but it should come again only where somebody could not know that it had come.
    // A request of a process that ended may arrive after that of whoever tried again.
    const inOrder = taken.toSorted((a, b) => a.since - b.since);
    const needless = inOrder.slice(0, -1).find(({ isDisturbed }) => !isDisturbed());
    if (needless !== undefined)
      violations.add(`Alert ${id} came again, although it was taken in peace at ${instant(needless.at)}`);
  }
  for (const [id, taken] of receiver.taken) {
    const keptAt = witness.tookAt.get(deliveryPartition(id)) ?? Infinity;
    if (keptAt === Infinity && taken.some(({ isDisturbed }) => !isDisturbed()))
      violations.add(`Nobody kept that alert ${id} was taken`);
    const again = taken.find(({ since, wasDisturbed }) => since > keptAt && !wasDisturbed);
    if (again !== undefined)
      violations.add(
        `Alert ${id} was handed over at ${instant(again.at)}, although it was kept since ${instant(keptAt)} that it had been taken`,
      );
  }
  for (const run of witness.finishedRuns) {
    if ((run.tally?.baselined ?? 0) > 0 && !receiver.taken.has(`run/${run.id}`) && !lost.has(`run/${run.id}`)) {
      violations.add(`Nobody was told what the first audit found: run/${run.id}`);
    }
  }
}

function toldOf({ transition: { findingId, rule, after, title } }: Seen, word: string): string {
  return [word, findingId, rule, after.severity, title].join(', ');
}

function heardOf(body: string): string {
  const { data } = JSON.parse(body) as { readonly data: Readonly<Record<string, unknown>> };
  const { transition, findingIds, rule, severity, title } = data;
  const bare = String(title).replace(
    /^(?:Resolved|No longer waived|Not repaired(?:, nobody carried out the job in 3 attempts)?): /,
    '',
  );
  return [transition, findingIds, rule, severity, bare].map(String).join(', ');
}

/** What a first audit opens is told in one summary; what else happens while it is under way may be told on its own or not. */
function isCalledFor(
  { transition: { cause, rule }, at }: Seen,
  baselinedAt: number,
  finishedRuns: Simulation['witness']['finishedRuns'],
): 'yes' | 'no' | 'either' {
  if (cause.kind === 'person' || cause.kind === 'sweep') return 'yes';
  // A write that another one met is told whenever it is found: no first audit would tell of it.
  if (rule === 'remediation-collision') return 'yes';
  if (at < baselinedAt) return 'no';
  const run = cause.kind === 'nightly' ? finishedRuns.find(({ id }) => id === cause.id) : undefined;
  if (cause.kind === 'nightly' && (run === undefined || run.startedAt - longestSkew < baselinedAt)) return 'either';
  return at < baselinedAt + longestAudit ? 'either' : 'yes';
}
