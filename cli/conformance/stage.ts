import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ActionName } from '../../domain/remediation/actions.ts';
import { createServiceBusBroker } from '../../infra/local/service-bus/broker.ts';
import { connections, serviceBusTopology } from '../../infra/names.ts';
import type { ConformanceCase } from './cases.ts';
import type { ConsumerProcess } from './consumer-process.ts';
import { refuseShared } from './own-namespace.ts';
import { type CaseVerdict, playCase } from './play-cases.ts';
import { startRecorder } from './recorder.ts';
import { watchBus } from './watched-bus.ts';

export interface StageOptions {
  /** Connection string of a namespace to play in, which has to be for this alone; null for a broker of its own. */
  readonly namespace: string | null;
  /** An action that the consumer says it carries out. */
  readonly action: ActionName;
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** How long a message may take, and how long the first one, which waits for the consumer to start. */
  readonly patienceMs: number;
  readonly startPatienceMs: number;
  /** How long others of a namespace have to show themselves. */
  readonly lookMs: number;
  /** Starts the consumer with what it needs to know. */
  readonly start: (environment: Readonly<Record<string, string>>) => ConsumerProcess;
}

/** Puts everything around a consumer that it needs, for as long as `work` takes, which plays cases to it. */
export async function onStage(
  { namespace, action, now, signal, patienceMs, startPatienceMs, lookMs, start }: StageOptions,
  work: (play: (asked: ConformanceCase) => Promise<CaseVerdict>) => Promise<void>,
): Promise<void> {
  const closing: (() => Promise<void>)[] = [];
  try {
    const target = await startRecorder();
    closing.push(() => target.stop());
    const elsewhere = await startRecorder();
    closing.push(() => elsewhere.stop());
    const broker = await brokerOf(namespace);
    closing.push(() => broker.stop());
    const wait = (milliseconds: number): Promise<void> => sleep(milliseconds, undefined, { signal });
    const tenantId = randomUUID();
    if (namespace !== null) {
      await refuseShared(namespace, { tenantId, now: now(), newGuid: randomUUID, action }, lookMs, wait);
    }
    const bus = await watchBus(broker.connectionString, wait);
    closing.push(() => bus.close());
    const consumer = start({
      [connections.serviceBus]: broker.connectionString,
      KERBWATCH_TENANT_ID: tenantId,
      KERBWATCH_GRAPH_ENDPOINT: target.origin,
      KERBWATCH_ARM_ENDPOINT: target.origin,
      KERBWATCH_TOKEN: randomUUID(),
    });
    closing.push(() => consumer.stop());
    let longestMs = Math.max(patienceMs, startPatienceMs);
    const stage = {
      ...{ bus, target, elsewhere, tenantId, action, now, wait },
      newGuid: randomUUID,
      hasEnded: () => consumer.ended() !== null,
    };
    await work(async (asked) => {
      const verdict = await playCase(asked, stage, longestMs);
      longestMs = patienceMs;
      const ended = consumer.ended();
      if (ended === null) return verdict;
      return { ...verdict, faults: [...verdict.faults, `The consumer has ended: ${ended}`], answered: false };
    });
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

async function brokerOf(
  namespace: string | null,
): Promise<{ readonly connectionString: string; stop(): Promise<void> }> {
  if (namespace !== null) return { connectionString: namespace, stop: () => Promise.resolve() };
  const broker = createServiceBusBroker({ topology: serviceBusTopology });
  await broker.start();
  return broker;
}
