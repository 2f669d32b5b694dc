import type { Finding } from '../../../domain/findings/finding.ts';
import { placeOf } from '../../../domain/findings/place.ts';
import { findingOf } from '../../../infra/azure/tables/stored-finding.ts';
import type { Simulation } from '../simulation.ts';

/** All findings as they are stored, by place and rule. */
export function storedFindings({ store }: Simulation): ReadonlyMap<string, Finding> {
  const rows = store.findings.page({ from: 'f~', before: 'f~~' }, Infinity, null);
  const findings = rows.map(findingOf);
  return new Map(findings.map((finding) => [`${placeOf(finding).key}/${finding.rule}`, finding]));
}

export function instant(time: number): string {
  return Number.isFinite(time) ? new Date(time).toISOString() : 'ever';
}
