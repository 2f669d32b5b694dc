import { acknowledge } from '../../../domain/audit/acknowledge.ts';
import { accountTags } from '../../../domain/audit/account-tags.ts';
import { WaiverRefuses } from '../../../domain/audit/store-waiver.ts';
import { scopeOfFinding, unwaive, waive } from '../../../domain/audit/waive.ts';
import { FindingRefuses, FindingUnknown } from '../../../domain/audit/change-finding.ts';
import type { Actor, Finding } from '../../../domain/findings/finding.ts';
import { waiverId } from '../../../infra/waiver-id.ts';
import { guid } from '../../domain/build.ts';
import type { Instance, Slot } from '../instance.ts';
import type { Simulation } from '../simulation.ts';
import { checkOutcome } from '../unexpected.ts';

const somebody: Actor = { kind: 'user', objectId: guid(0xbee) };
const hour = 3_600_000;

/**
 * One of the security team takes notice of a finding, accepts one for a while, or takes that back.
 * @param about name of an account whose findings come first
 */
export function attend(simulation: Simulation, desk: Instance, about: string | null = null): void {
  if (!desk.isUp()) return;
  const what = simulation.random.pick(['acknowledge', 'waive', 'waive', 'unwaive'] as const);
  desk.start({
    what,
    failedBefore: 0,
    run: (slot) => commands[what](slot, simulation, about),
    ended(outcome) {
      const refused = outcome.kind === 'failed' && isRefusal(outcome.error);
      if (!refused) checkOutcome(simulation, what, outcome);
    },
  });
}

const commands = {
  async acknowledge({ parts }: Slot, { random }: Simulation, about: string | null): Promise<void> {
    const open = preferred(await Array.fromAsync(parts.findings.list('open')), about);
    if (open.length === 0) return;
    await acknowledge({ findingId: random.pick(open).id, note: 'known', by: somebody }, parts);
  },
  async waive({ parts }: Slot, { random, timeline }: Simulation, about: string | null): Promise<void> {
    const open = preferred(await Array.fromAsync(parts.findings.list('open', 'acknowledged', 'waived')), about);
    if (open.length === 0) return;
    const finding = random.pick(open);
    const scope =
      finding.account === null || random.chance(0.6)
        ? await scopeOfFinding(finding.id, parts.findings)
        : ({ kind: 'account', accountKey: finding.account.key, rule: null } as const);
    const until = new Date(timeline.now() + random.between(2, 40) * hour).toISOString();
    const request = { scope, reason: 'accepted for now', owner: guid(0xface), until };
    await waive(request, somebody, parts.settings, { ...parts, waiverId, accountTags: () => accountTags(parts) });
  },
  async unwaive({ parts }: Slot, { random }: Simulation): Promise<void> {
    const live = (await parts.waivers.all()).filter(({ waiver }) => waiver.removed === null);
    if (live.length === 0) return;
    await unwaive(random.pick(live).waiver.id, somebody, { ...parts, accountTags: () => accountTags(parts) });
  },
} as const;

function preferred(findings: readonly Finding[], about: string | null): readonly Finding[] {
  const own = findings.filter(({ account }) => account?.name === about);
  return own.length > 0 ? own : findings;
}

function isRefusal(error: unknown): boolean {
  return error instanceof FindingRefuses || error instanceof FindingUnknown || error instanceof WaiverRefuses;
}
