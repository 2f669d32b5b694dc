import type { ChangeLog, RecordsReading } from '../../../domain/audit/drift-ports.ts';
import type { Gate } from '../gate.ts';
import type { Slot } from '../instance.ts';
import type { Random } from '../random.ts';
import type { Timeline } from '../timeline.ts';
import type { Weather } from '../weather.ts';
import { passingReasons } from './readings.ts';
import type { Recorded } from './recorded.ts';
import type { Tenant } from './tenant.ts';

export interface ChangeLogParts {
  readonly random: Random;
  readonly weather: Weather;
  readonly gate: Gate;
  readonly timeline: Timeline;
}

/** The records that Azure and Entra keep, as one invocation asks for them: minutes late, and sometimes there is no answer. */
export function changeLog(tenant: Tenant, slot: Slot, { random, weather, gate, timeline }: ChangeLogParts): ChangeLog {
  function ask(name: string, since: number, concerns: (recorded: Recorded) => boolean): Promise<RecordsReading> {
    return gate(slot, {
      name,
      weight: 'reads',
      effect: (): RecordsReading => {
        if (!weather.calm && slot.mayFail() && random.chance(weather.gap)) {
          slot.disturb();
          return { state: 'unreadable', reason: random.pick(passingReasons), needs: null };
        }
        const shown = tenant.recorded.filter(
          (one) => one.showsAt <= timeline.now() && one.record.at >= since && concerns(one),
        );
        return { state: 'read', records: shown.map(({ record }) => record) };
      },
    });
  }
  return {
    ofResource: (resourceId, since) => ask('arm.changes', since, ({ accountKey }) => accountKey === resourceId),
    ofDirectory(objectIds, since) {
      const wanted = new Set(objectIds);
      return ask(
        'graph.audits',
        since,
        ({ accountKey, record }) => accountKey === null && record.touched.some(({ name }) => wanted.has(name)),
      );
    },
  };
}
