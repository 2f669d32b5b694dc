import type { Finding } from '../findings/finding.ts';
import { covers, type Waiver } from '../findings/waiver.ts';
import { type ApplyWaiverPorts, liveWaivers } from './apply-waiver.ts';

/** A waiver, and the findings that are under it. */
export interface OtherWaiver {
  readonly waiver: Waiver;
  readonly findings: readonly Finding[];
}

/**
 * The other waivers that findings are under which this waiver is about: they are still waived when it is taken back, and end
 * with another one while it holds.
 */
export async function otherWaivers(
  waiver: Waiver,
  ports: Pick<ApplyWaiverPorts, 'findings' | 'waivers' | 'accountTags'>,
): Promise<readonly OtherWaiver[]> {
  const { all, tagsOf } = await liveWaivers(ports);
  const others = new Map<string, Finding[]>();
  for await (const finding of ports.findings.list('waived')) {
    const { id } = finding.waiver ?? {};
    if (id === undefined || id === waiver.id || !covers(waiver, finding, tagsOf)) continue;
    others.set(id, [...(others.get(id) ?? []), finding]);
  }
  return all.flatMap((other) => {
    const findings = others.get(other.id);
    return findings === undefined ? [] : [{ waiver: other, findings }];
  });
}
