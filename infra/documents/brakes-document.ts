import { z } from 'zod';
import type { Settings } from '../../domain/model/settings.ts';
import type { BrakeState } from '../../domain/remediation/brakes.ts';
import { Instant, namedDocuments } from './common.ts';
import { isoTime } from './iso-time.ts';

/** What stops remediation, or would. */
export const BrakesDocument = z
  .object({
    schema: z.literal('kerbwatch.brakes/v1'),
    killSwitch: z.object({
      on: z.boolean(),
      inSettings: z.boolean().meta({ description: 'The settings have it on, which only they can take back.' }),
      by: z.string().nullable(),
      at: Instant,
      reason: z.string().nullable(),
    }),
    stopped: z
      .array(z.object({ action: z.string(), at: Instant, reason: z.string(), jobIds: z.array(z.string()).readonly() }))
      .readonly()
      .meta({ description: 'Actions that failed too often or clashed, until somebody releases them.' }),
    acts: z
      .array(
        z.object({
          what: z.enum(['stop', 'go', 'release']),
          action: z.string().nullable(),
          by: z.string(),
          at: Instant,
          reason: z.string().nullable(),
        }),
      )
      .readonly()
      .meta({ description: 'What people did to the brakes, newest first; `by` is an object id.' }),
    writes: z.object({
      lastHour: z.int(),
      most: z.int(),
      mostPerAction: z.int(),
      byAction: z.record(z.string(), z.int()),
    }),
  })
  .register(namedDocuments, { id: 'Brakes' });
export type BrakesDocument = z.infer<typeof BrakesDocument>;

const hourMs = 3_600_000;

/** @param now epoch milliseconds */
export function brakesDocument(state: BrakeState, { brakes }: Settings, now: number): BrakesDocument {
  const { killSwitch, actions } = state;
  const recent = state.writes.filter(({ at }) => at > now - hourMs);
  const names = [...new Set(recent.map(({ action }) => action))].sort();
  return {
    schema: 'kerbwatch.brakes/v1',
    killSwitch: {
      on: brakes.killSwitch || killSwitch?.on === true,
      inSettings: brakes.killSwitch,
      by: killSwitch?.by ?? null,
      at: killSwitch === null ? null : isoTime(killSwitch.at),
      reason: killSwitch?.reason ?? null,
    },
    stopped: Object.entries(actions).flatMap(([action, { stopped }]) =>
      stopped === null ? [] : [{ action, at: isoTime(stopped.at), reason: stopped.reason, jobIds: stopped.jobIds }],
    ),
    acts: state.acts.map((act) => ({ ...act, at: isoTime(act.at) })).reverse(),
    writes: {
      lastHour: recent.length,
      most: brakes.writesPerHour,
      mostPerAction: brakes.writesPerHourPerAction,
      byAction: Object.fromEntries(names.map((name) => [name, recent.filter(({ action }) => action === name).length])),
    },
  };
}
