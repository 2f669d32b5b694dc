import { RequeuedAnswer, SetAsideAnswer } from '../../infra/api/remediation-operations/set-aside.ts';
import type { SetAsideDocument } from '../../infra/documents/set-aside-document.ts';
import { answerOf } from '../api/answer-of.ts';
import { exitCode } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { withJobs } from '../jobs/with-jobs.ts';
import { jsonOf } from '../report/json-of.ts';
import { pipelineSafe } from '../report/pipeline-safe.ts';
import { table } from '../report/table.ts';
import type { JobsFormat } from './jobs.ts';
import type { JobsChangeOptions } from './jobs-decide.ts';

type Kind = 'dead-letter' | 'rejected';

const paths = { 'dead-letter': '/dead-letters', rejected: '/rejected' } as const;

/** Lists what was set aside, without bodies. @returns the exit code */
export async function listSetAside(kind: Kind, { format }: JobsFormat, io: Io): Promise<number> {
  const command = { name: `jobs ${kind} list`, changes: false, queues: true };
  const document = await withJobs(io, command, async (api, address) =>
    answerOf(SetAsideAnswer, await api.send('GET', `${paths[kind]}?limit=500`), address),
  );
  if (format === 'json') io.stdout.write(jsonOf(document));
  else
    io.stdout.write(
      document.messages.length === 0 ? 'Nothing is set aside there.\n' : `${setAsideTable(document.messages)}\n`,
    );
  return exitCode.clean;
}

/** Sends again what a message asked for. @param place queue and number, or the number alone for what was rejected @returns the exit code */
export async function requeueSetAside(
  place: readonly string[],
  { format, settings }: JobsChangeOptions,
  io: Io,
): Promise<number> {
  const kind: Kind = place.length > 1 ? 'dead-letter' : 'rejected';
  const path = [paths[kind], ...place.map((part) => encodeURIComponent(part.trim())), 'requeue'].join('/');
  const command = { name: `jobs ${kind} requeue`, changes: true, queues: true, settings };
  const sent = await withJobs(io, command, async (api, address) =>
    answerOf(RequeuedAnswer, await api.send('POST', path), address),
  );
  if (format === 'json') io.stdout.write(jsonOf(sent));
  else
    io.stdout.write(
      `${sent.jobId === null ? `Queued again as ${sent.messageId ?? '-'}` : `Tried again as job ${sent.jobId}`}.\n`,
    );
  return exitCode.clean;
}

function setAsideTable(messages: readonly SetAsideDocument[]): string {
  return table(
    ['queue', 'message', 'since', 'from', 'about', 'reason'],
    messages.map(({ queue, message, at, source, jobId, accountId, reason }) =>
      [queue, message, at ?? '-', source, jobId ?? accountId ?? '-', reason].map(pipelineSafe),
    ),
  );
}
