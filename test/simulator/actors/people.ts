import { acknowledge, unacknowledge } from '../../../domain/audit/acknowledge.ts';
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

const team = [guid(0xbe1), guid(0xbe2), guid(0xbe3)] as const;
const hour = 3_600_000;

/**
 * One of the security team takes notice of a finding, accepts one for a while, or takes back what somebody said.
 * @param about name of an account whose findings come first
 */
export function attend(simulation: Simulation, desk: Instance, about: string | null = null): void {
  if (!desk.isUp()) return;
  const by = simulation.random.pick(team);
  const what = simulation.random.pick([
    'acknowledge',
    'acknowledge',
    'unacknowledge',
    'waive',
    'waive',
    'waive',
    'unwaive',
  ] as const);
  desk.start({
    what,
    failedBefore: 0,
    run: (slot) => commands[what](slot, simulation, by, about),
    ended(outcome) {
      const refused = outcome.kind === 'failed' && isRefusal(outcome.error);
      if (!refused) checkOutcome(simulation, what, outcome);
    },
  });
}

const commands = {
  async acknowledge({ parts }: Slot, { random, witness }: Simulation, by: string, about: string | null): Promise<void> {
    const open = preferred(await Array.fromAsync(parts.findings.list('open')), about);
    if (open.length === 0) return;
    const { id } = random.pick(open);
    witness.onDeed('acknowledge', by, id);
    await acknowledge({ findingId: id, note: 'known', by: userOf(by) }, parts);
  },
  async unacknowledge({ parts }: Slot, { random, witness }: Simulation, by: string): Promise<void> {
    const known = await Array.fromAsync(parts.findings.list('acknowledged'));
    if (known.length === 0) return;
    const { id } = random.pick(known);
    witness.onDeed('unacknowledge', by, id);
    await unacknowledge({ findingId: id, by: userOf(by) }, parts);
  },
  async waive(
    { parts }: Slot,
    { random, timeline, witness }: Simulation,
    by: string,
    about: string | null,
  ): Promise<void> {
    const open = preferred(await Array.fromAsync(parts.findings.list('open', 'acknowledged', 'waived')), about);
    if (open.length === 0) return;
    const finding = random.pick(open);
    const scope =
      finding.account === null || random.chance(0.6)
        ? await scopeOfFinding(finding.id, parts.findings)
        : ({ kind: 'account', accountKey: finding.account.key, rule: null } as const);
    const until = new Date(timeline.now() + random.between(2, 40) * hour).toISOString();
    const request = { scope, reason: 'accepted for now', owner: guid(0xface), until };
    // The same that somebody else asks for at the same time is one waiver, of either of them.
    const idOf = (saying: string): string => {
      const id = waiverId(saying);
      witness.onDeed('waive', by, id);
      return id;
    };
    const ports = { ...parts, waiverId: idOf, accountTags: () => accountTags(parts) };
    await waive(request, userOf(by), parts.settings, ports);
  },
  async unwaive({ parts }: Slot, { random, witness }: Simulation, by: string): Promise<void> {
    const live = (await parts.waivers.all()).filter(({ waiver }) => waiver.removed === null);
    if (live.length === 0) return;
    const { id } = random.pick(live).waiver;
    witness.onDeed('unwaive', by, id);
    await unwaive(id, userOf(by), { ...parts, accountTags: () => accountTags(parts) });
  },
} as const;

function userOf(objectId: string): Actor {
  return { kind: 'user', objectId };
}

function preferred(findings: readonly Finding[], about: string | null): readonly Finding[] {
  const own = findings.filter(({ account }) => account?.name === about);
  return own.length > 0 ? own : findings;
}

function isRefusal(error: unknown): boolean {
  return error instanceof FindingRefuses || error instanceof FindingUnknown || error instanceof WaiverRefuses;
}
