import { dayText } from '../../domain/findings/waiver-end.ts';
import { waiverText } from '../../domain/findings/waiver-text.ts';
import type { WaiverDocument } from '../../infra/documents/waiver-document.ts';
import type { Io } from '../io.ts';
import { type ShownFinding } from './finding-text.ts';
import { findingsTable } from './findings-table.ts';
import { painterFor } from './paint.ts';
import { pipelineSafe } from './pipeline-safe.ts';

/**
 * A waiver after a change, for a terminal: what it is, then the findings that the change was about.
 * @param nothing what to say where there are none
 */
export function toldWaiver(
  waiver: WaiverDocument,
  findings: readonly ShownFinding[],
  nothing: string,
  { stdout, env }: Pick<Io, 'stdout' | 'env'>,
): string {
  const { id, until, removed, scope, owner, reason } = waiver;
  const end = removed === null ? `until the end of ${dayText(Date.parse(until ?? '') - 1)}` : 'taken back';
  const head = pipelineSafe(`Waiver ${id}, ${end}: ${waiverText({ scope, owner })}, "${reason}"`);
  return `${head}\n\n${findings.length === 0 ? nothing : findingsTable(findings, painterFor(stdout, env))}\n`;
}
