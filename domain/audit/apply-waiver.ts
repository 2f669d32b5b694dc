import type { Act } from '../findings/act.ts';
import type { Actor, Cause, Finding, Transition } from '../findings/finding.ts';
import { bestWaiver, holds, type LiveWaivers, type TagsOf, unbroken, type Waiver } from '../findings/waiver.ts';
import type { Digest } from '../remediation/job.ts';
import { planOpenWork } from '../remediation/repair-work.ts';
import { repairsOf } from '../remediation/repair.ts';
import { changeFinding } from './change-finding.ts';
import type { Effect, FindingStore, WaiverStore } from './ports.ts';

export interface ApplyWaiverPorts {
  readonly findings: FindingStore;
  readonly waivers: WaiverStore;
  readonly accountTags: () => Promise<TagsOf>;
  readonly now: () => number;
  readonly digest: Digest;
}

/**
 * Waives what a waiver covers now: open and acknowledged findings, and those under a waiver that it goes before. What is
 * being mended is left to its verification. A waiver that does not hold yet waives nothing.
 * @param isGivenNow it counts for what got worse before, too; false for one that was given before
 */
export async function applyWaiver(
  waiver: Waiver,
  by: Actor,
  ports: ApplyWaiverPorts,
  isGivenNow = true,
): Promise<readonly Transition[]> {
  const now = ports.now();
  if (!holds(waiver, now)) return [];
  const waivers = await liveWaivers(ports);
  const decide = (finding: Finding): Act | null =>
    isWaivable(finding) &&
    bestWaiver(finding, unbroken(finding, waivers, isGivenNow ? waiver.id : null), now)?.id === waiver.id
      ? { kind: 'waived', waiver }
      : null;
  const covered = (await Array.fromAsync(ports.findings.list('open', 'acknowledged', 'waived'))).filter(
    (finding) => decide(finding) !== null,
  );
  return changeAll(covered, decide, { kind: 'person', id: waiver.id, actor: by }, now, ports);
}

/**
 * Opens again what was under a waiver that does not hold any more, and has it mended, or puts it under another that covers
 * it; then the waiver is settled.
 */
export async function liftWaiver(
  waiver: Waiver,
  cause: Cause,
  ports: ApplyWaiverPorts,
): Promise<readonly Transition[]> {
  const now = ports.now();
  const waivers = await liveWaivers(ports);
  const decide = (finding: Finding): Act | null => {
    if (finding.state !== 'waived' || finding.waiver?.id !== waiver.id) return null;
    const other = bestWaiver(finding, unbroken(finding, waivers), now);
    return other === null ? { kind: 'waiver-ended' } : { kind: 'waived', waiver: other };
  };
  const covered = (await Array.fromAsync(ports.findings.list('waived'))).filter((finding) => decide(finding) !== null);
  // Audits see no transition any more, so that none of them would plan for it.
  const planned = (finding: Finding): readonly Effect[] =>
    finding.state !== 'open'
      ? []
      : repairsOf(finding).map((repair) => ({
          kind: 'work',
          ...planOpenWork(repair, `waiver-ended|${waiver.id}|${String(now)}`, waiver.id, ports.digest),
        }));
  const transitions = await changeAll(covered, decide, cause, now, ports, planned);
  const stored = await ports.waivers.find(waiver.id);
  if (stored?.waiver.settledAt === null) {
    await ports.waivers.replace({ ...stored.waiver, settledAt: now }, stored.version);
  }
  return transitions;
}

/** Every stored waiver, whether it holds or not, for the reducer. @param tagsOf tags of the accounts that are judged. */
export async function storedWaivers(waivers: Pick<WaiverStore, 'all'>, tagsOf: TagsOf): Promise<LiveWaivers> {
  return { all: (await waivers.all()).map(({ waiver }) => waiver), tagsOf };
}

/** Every stored waiver, with the tags of accounts where a waiver goes by them. */
export async function liveWaivers({
  waivers,
  accountTags,
}: Pick<ApplyWaiverPorts, 'waivers' | 'accountTags'>): Promise<LiveWaivers> {
  const all = (await waivers.all()).map(({ waiver }) => waiver);
  const tagsOf = all.some(({ scope }) => scope.kind === 'tag') ? await accountTags() : () => null;
  return { all, tagsOf };
}

async function changeAll(
  findings: readonly Finding[],
  decide: (finding: Finding) => Act | null,
  cause: Cause,
  now: number,
  ports: ApplyWaiverPorts,
  alongside?: (changed: Finding) => readonly Effect[],
): Promise<readonly Transition[]> {
  const transitions: Transition[] = [];
  for (const finding of findings) {
    const { transition } = await changeFinding(finding, decide, { now, cause }, ports.findings, alongside);
    if (transition !== null) transitions.push(transition);
  }
  return transitions;
}

function isWaivable({ state }: Finding): boolean {
  return state === 'open' || state === 'acknowledged' || state === 'waived';
}
