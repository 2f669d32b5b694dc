import { serviceBusTopology } from '../../../infra/names.ts';
import { type IdMemory, createSimulatedQueue, type SimulatedMessage, type SimulatedQueue } from './queue.ts';

/** The queues, and the one subscription of `drift-alerts` that somebody listens to. */
export interface SimulatedBroker {
  readonly queues: ReadonlyMap<string, SimulatedQueue>;
  send(entity: string, message: SimulatedMessage, dueAt: number): void;
}

export interface BrokerParts {
  readonly now: () => number;
  readonly at: (time: number, what: () => void) => void;
  /** What remembers message ids for so many milliseconds. */
  readonly memory: (windowMs: number) => IdMemory;
  readonly choose: (count: number) => number;
}

/** As the topology of the service says, which the deployment and the embedded cloud are made of too. */
export function createSimulatedBroker(parts: BrokerParts): SimulatedBroker {
  const queues = new Map<string, SimulatedQueue>();
  for (const entity of [...serviceBusTopology.queues, ...serviceBusTopology.topics]) {
    const { name, duplicateDetectionWindowMs, defaultTimeToLiveMs } = entity;
    const [first] = 'subscriptions' in entity ? entity.subscriptions : [entity];
    queues.set(
      name,
      createSimulatedQueue({
        ...parts,
        memory: duplicateDetectionWindowMs === undefined ? null : parts.memory(duplicateDetectionWindowMs),
        hasSessions: 'requiresSession' in entity && (entity.requiresSession ?? false),
        timeToLiveMs: defaultTimeToLiveMs ?? Infinity,
        maxDeliveryCount: first?.maxDeliveryCount ?? 10,
      }),
    );
  }
  return {
    queues,
    send(entity, message, dueAt) {
      const queue = queues.get(entity);
      if (queue === undefined) throw new RangeError(`There is no queue or topic ${entity} in the topology`);
      queue.send(message, dueAt);
    },
  };
}
