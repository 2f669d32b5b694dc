import type { Finding, Transition } from '../../domain/findings/finding.ts';
import { toldAs } from '../../domain/findings/alert.ts';
import { placeOf } from '../../domain/findings/place.ts';
import { queues } from '../../infra/names.ts';
import type { Played } from './play.ts';
import { atWork, putAside, putOff } from './queues.ts';
import { inOutbox } from './rest.ts';
import type { World } from './world.ts';

/** One thing that must hold, and how it does not; none: it holds. */
export interface Check {
  readonly name: string;
  readonly violations: readonly string[];
}

/** What must hold of a world at rest, whatever was killed in it. */
export async function checkWorld(world: World, { writes }: Played): Promise<readonly Check[]> {
  const findings = await Array.fromAsync(world.store.findings.list());
  const histories = await historiesOf(world, findings);
  return [
    { name: 'Each transition that calls for an alert was told', violations: await untold(world, histories) },
    { name: 'History has no holes and ends where each finding stands', violations: histories.flatMap(holes) },
    { name: 'Every job is settled, and has had at most one effect', violations: await doubled(world, writes) },
    { name: 'The outbox is empty', violations: await inOutbox(world) },
    { name: 'The queues are drained', violations: await undrained(world) },
    { name: 'Nothing was put aside', violations: await putAside(world.broker) },
    { name: 'No repair is under way for ever', violations: underRepair(findings) },
  ];
}

async function undrained({ broker }: World): Promise<readonly string[]> {
  const later = [...(await putOff(broker, queues.auditWork)), ...(await putOff(broker, queues.remediationJobs))];
  return [...atWork(broker), ...later.map(({ words }) => words)];
}

interface FindingHistory {
  readonly finding: Finding;
  readonly transitions: readonly Transition[];
}

async function historiesOf({ store }: World, findings: readonly Finding[]): Promise<readonly FindingHistory[]> {
  const found: FindingHistory[] = [];
  for (const [key, ofPlace] of Map.groupBy(findings, (finding) => placeOf(finding).key)) {
    const history = await store.history.of(key);
    for (const finding of ofPlace)
      found.push({ finding, transitions: history.filter(({ rule }) => rule === finding.rule) });
  }
  return found;
}

/** Told, once for a receiver that remembers ids; and nothing told that did not happen. */
async function untold({ store, webhook }: World, histories: readonly FindingHistory[]): Promise<readonly string[]> {
  const quiet = new Set<string>();
  const summaries = new Set<string>();
  for (const { id, tally } of await store.runs.latest(1000)) {
    if ((tally?.baselined ?? 0) > 0) summaries.add(`run/${id}`);
    for (const { shard } of await store.runs.shards(id)) if (shard.baseline) quiet.add(`${id} ${shard.subscriptionId}`);
  }
  const called = new Set(
    histories.flatMap(({ finding, transitions }) =>
      transitions
        .filter((transition) => isToldOf(transition))
        .filter(({ cause }) => !quiet.has(`${cause.id} ${placeOf(finding).partition}`))
        .map(({ number }) => `${placeOf(finding).key}/${finding.rule}#${String(number)}`),
    ),
  );
  for (const id of summaries) called.add(id);
  const told = new Set(webhook.alerts.map(({ alert: { id } }) => id));
  return [
    ...[...called].filter((id) => !told.has(id)).map((id) => `not told: ${id}`),
    ...[...told].filter((id) => !called.has(id)).map((id) => `told of what is in no history: ${id}`),
  ];
}

function isToldOf({ kind, after, before }: Transition): boolean {
  return toldAs[kind] !== null && after.severity !== 'info' && !(kind === 'resolved' && before?.state === 'waived');
}

function holes({ finding, transitions }: FindingHistory): readonly string[] {
  const found: string[] = [];
  const inOrder = transitions.toSorted((a, b) => a.number - b.number);
  for (const [index, { number, before }] of inOrder.entries()) {
    if (number !== index + 1) found.push(`${finding.id}: transition ${String(index + 1)} is ${String(number)}`);
    const former = index === 0 ? null : (inOrder[index - 1]?.after ?? null);
    if (JSON.stringify(before) !== JSON.stringify(former))
      found.push(`${finding.id}: transition ${String(number)} does not begin where the one before it ended`);
  }
  const last = inOrder.at(-1);
  if (finding.transitions !== inOrder.length)
    found.push(`${finding.id}: ${String(finding.transitions)} transitions, ${String(inOrder.length)} in history`);
  if (last?.after.state !== finding.state || last.after.outcome !== finding.outcome)
    found.push(`${finding.id}: is ${finding.state}, and history ends with ${last?.after.state ?? 'nothing'}`);
  return found;
}

async function doubled(world: World, writes: Played['writes']): Promise<readonly string[]> {
  const jobs = await Array.fromAsync(world.store.jobs.list());
  const unsettled = jobs.filter(({ state }) => state === 'queued' || state === 'running' || state === 'failed');
  const done = jobs.filter(({ state }) => state === 'done').length;
  const grants = [...(world.azure.tenant.collections.get('oauth2-permission-grants')?.values() ?? [])];
  const twice = [...Map.groupBy(grants, (g) => JSON.stringify([g['clientId'], g['resourceId'], g['principalId']]))]
    .filter(([, same]) => same.length > 1)
    .map(([key]) => `consented twice: ${key}`);
  return [
    ...unsettled.map(({ job, state, report }) => `${job.jobId} is ${state}: ${report?.reason ?? ''}`),
    ...(writes.consents === done ? [] : [`${String(done)} jobs done, ${String(writes.consents)} consents written`]),
    ...twice,
  ];
}

function underRepair(findings: readonly Finding[]): readonly string[] {
  return findings.filter(({ state }) => state === 'remediating').map(({ id }) => id);
}
