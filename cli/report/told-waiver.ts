import { dayText } from '../../domain/findings/waiver-end.ts';
import { waiverText } from '../../domain/findings/waiver-text.ts';
import type { OtherWaiverDocument } from '../../infra/documents/other-waiver-document.ts';
import type { WaiverDocument } from '../../infra/documents/waiver-document.ts';
import type { Io } from '../io.ts';
import { type ShownFinding } from './finding-text.ts';
import { findingsTable } from './findings-table.ts';
import { painterFor } from './paint.ts';
import { pipelineSafe } from './pipeline-safe.ts';

/**
 * A waiver after a change, for a terminal: what it is, then the findings that the change was about, and those that another
 * waiver covers, with what takes that one back.
 * @param nothing what to say where there are none
 */
export function toldWaiver(
  waiver: WaiverDocument,
  findings: readonly ShownFinding[],
  others: readonly OtherWaiverDocument[],
  nothing: string,
  { stdout, env }: Pick<Io, 'stdout' | 'env'>,
): string {
  const { id, until, removed, scope, owner, reason } = waiver;
  const end = removed === null ? `until the end of ${dayText(Date.parse(until ?? '') - 1)}` : 'taken back';
  const head = pipelineSafe(`Waiver ${id}, ${end}: ${waiverText({ scope, owner })}, "${reason}"`);
  const told = findings.length === 0 ? nothing : findingsTable(findings, painterFor(stdout, env));
  return [head, told, ...(others.length === 0 ? [] : [others.map(otherText).join('\n')])].join('\n\n') + '\n';
}

/** So many findings are named; the others are a number. */
const mostNamed = 3;

function otherText({ waiver: { id, scope, owner, until }, findings }: OtherWaiverDocument): string {
  const names = findings.slice(0, mostNamed).map((finding) => finding.id);
  const more = findings.length > mostNamed ? ` and ${String(findings.length - mostNamed)} more` : '';
  const end = dayText(Date.parse(until ?? '') - 1);
  return pipelineSafe(
    `Under another waiver: ${names.join(', ')}${more}. Waiver ${id} covers ${waiverText({ scope, owner })} ` +
      `until the end of ${end}; kerbwatch findings unwaive ${id} takes it back.`,
  );
}
