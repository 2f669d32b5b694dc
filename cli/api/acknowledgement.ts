import { findingSegment } from '../../infra/api/asked-finding.ts';
import { FindingAnswer } from '../../infra/api/operations/finding-answer.ts';
import { exitCode } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { findingText } from '../report/finding-text.ts';
import { jsonOf } from '../report/json-of.ts';
import { painterFor } from '../report/paint.ts';
import { pipelineSafe } from '../report/pipeline-safe.ts';
import type { ApiAddress } from './api-address.ts';
import { answerOf } from './answer-of.ts';
import { shownFinding } from './shown-finding.ts';
import { withApi } from './with-api.ts';

/** Marks a finding as known through the API, or takes that back. @param note null: takes it back @returns the exit code */
export async function acknowledgeThroughApi(
  address: ApiAddress,
  typed: string,
  note: string | null,
  format: 'table' | 'json',
  io: Io,
): Promise<number> {
  const path = `/findings/${encodeURIComponent(findingSegment(typed.trim()))}/acknowledgement`;
  const answer = await withApi(io, address, (api) =>
    note === null ? api.send('DELETE', path) : api.send('PUT', path, { note }),
  );
  const finding = answerOf(FindingAnswer, answer, address);
  // The API answers what holds: the note of the first who said it.
  if (note !== null && finding.acknowledgement?.note !== note.trim()) {
    io.stderr.write(pipelineSafe(`${finding.id} was ${finding.state} already; nothing changed.`) + '\n');
  }
  if (format === 'json') io.stdout.write(jsonOf(finding));
  else {
    const text = findingText(
      shownFinding(finding),
      { waiver: null, jobs: [], returns: 0, lastSeenAt: Date.parse(finding.lastSeenAt ?? '') || null },
      painterFor(io.stdout, io.env),
    );
    io.stdout.write(`${text}\n`);
  }
  return exitCode.clean;
}
