import { BrakesDocument } from '../../infra/documents/brakes-document.ts';
import { answerOf } from '../api/answer-of.ts';
import type { ApiClient } from '../api/api-client.ts';
import { exitCode } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { withJobs } from '../jobs/with-jobs.ts';
import { hanging } from '../pages/wrap.ts';
import { jsonOf } from '../report/json-of.ts';
import { pipelineSafe } from '../report/pipeline-safe.ts';
import type { JobsFormat } from './jobs.ts';

export interface KillSwitchOptions extends JobsFormat {
  readonly reason: string;
}

/** Shows what stops remediation, or would. @returns the exit code */
export async function showBrakes(options: JobsFormat, io: Io): Promise<number> {
  return told({ name: 'jobs brakes', changes: false, queues: false }, options, io, (api) => api.send('GET', '/brakes'));
}

/** Stops every write, or lets them go on. @returns the exit code */
export async function switchKill(on: boolean, { reason, ...options }: KillSwitchOptions, io: Io): Promise<number> {
  const name = on ? 'jobs stop' : 'jobs go';
  return told({ name, changes: true, queues: false }, options, io, (api) =>
    api.send('PUT', '/brakes/kill-switch', { on, reason }),
  );
}

/** Lets an action go on that was stopped. @returns the exit code */
export async function releaseAction(action: string, options: JobsFormat, io: Io): Promise<number> {
  const path = `/brakes/stopped/${encodeURIComponent(action.trim())}`;
  return told({ name: 'jobs release', changes: true, queues: true }, options, io, (api) => api.send('DELETE', path));
}

async function told(
  command: Parameters<typeof withJobs>[1],
  { format }: JobsFormat,
  io: Io,
  send: (api: ApiClient) => Promise<unknown>,
): Promise<number> {
  const brakes = await withJobs(io, command, async (api, address) =>
    answerOf(BrakesDocument, await send(api), address),
  );
  io.stdout.write(format === 'json' ? jsonOf(brakes) : `${brakesText(brakes)}\n`);
  return exitCode.clean;
}

function brakesText({ killSwitch, stopped, acts, writes }: BrakesDocument): string {
  const { on, inSettings, by, at, reason } = killSwitch;
  const who = by === null ? '' : ` (${by}, ${at ?? '-'}: ${reason ?? ''})`;
  const state = inSettings ? 'on, in the settings of the remediator' : `${on ? 'on: nothing is written' : 'off'}${who}`;
  return [
    ...hanging('kill switch  ', pipelineSafe(state)),
    ...(stopped.length === 0 ? ['stopped      no action'] : []),
    ...stopped.flatMap((one) =>
      hanging(
        'stopped      ',
        pipelineSafe(`${one.action} since ${one.at ?? '-'}: ${one.reason}, job ${one.jobIds.join(', ')}`),
      ),
    ),
    `writes       ${String(writes.lastHour)} within the hour, of ${String(writes.most)} at most, ${String(writes.mostPerAction)} for an action`,
    ...Object.entries(writes.byAction).map(([action, count]) =>
      pipelineSafe(`             ${action} ${String(count)}`),
    ),
    ...acts.flatMap(({ what, action, by, at, reason }) =>
      hanging(
        'done         ',
        pipelineSafe(
          [at ?? '-', by, what, action, reason === null ? null : `(${reason})`]
            .filter((part) => part !== null)
            .join(' '),
        ),
      ),
    ),
  ].join('\n');
}
