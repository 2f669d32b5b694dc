import type { ServiceBusReceivedMessage } from '@azure/service-bus';
import type { ActionName } from '../../domain/remediation/actions.ts';
import type { CasePlay, ConformanceCase, FactsShown } from './cases.ts';
import { judgeCase } from './judge-case.ts';
import { plainPath, type Recorder, tookEffect } from './recorder.ts';
import type { Making } from './sample-jobs.ts';
import type { WatchedBus } from './watched-bus.ts';

/** What was found about one case. */
export interface CaseVerdict {
  readonly name: string;
  readonly expected: string;
  /** What the consumer did wrong; none: it passed. */
  readonly faults: readonly string[];
  /** Whether anybody takes messages at all. */
  readonly answered: boolean;
}

export interface Stage {
  readonly bus: WatchedBus;
  /** What the consumer takes for Microsoft Graph and ARM. */
  readonly target: Recorder;
  /** Where no job may lead it. */
  readonly elsewhere: Recorder;
  /** Whether the consumer is known to have ended. */
  readonly hasEnded: () => boolean;
  readonly tenantId: string;
  /** What most cases are played with. */
  readonly action: ActionName;
  readonly now: () => number;
  readonly newGuid: () => string;
  readonly wait: (milliseconds: number) => Promise<void>;
}

/** What comes after a message was settled came too late to be right, and is seen all the same. */
const aftermathMs = 150;
/** A message that may wait is waited for only so long. */
const mayWaitMs = 1500;

/** Plays one case to whatever consumer listens. @param longestMs how long a message may take */
export async function playCase(asked: ConformanceCase, stage: Stage, longestMs: number): Promise<CaseVerdict> {
  const { bus, target, elsewhere, tenantId, newGuid } = stage;
  const making: Making = { tenantId, now: stage.now(), newGuid, action: stage.action };
  const play = asked.play(making, elsewhere.origin);
  const seen = { target: target.requests.length, elsewhere: elsewhere.requests.length };
  let facts: FactsShown = 'as-planned';
  serve(play, target, seen.target, () => facts);
  let unsettled = 0;
  const results: ServiceBusReceivedMessage[] = [];
  for (const step of play.steps) {
    facts = step.facts;
    target.disturb(step.disturbances ?? []);
    const patienceMs = asked.mayWait === true ? Math.min(mayWaitMs, longestMs) : longestMs + (asked.pausesMs ?? 0);
    if (!(await bus.sendAndWait(step.message, patienceMs, stage.hasEnded))) unsettled += 1;
    await stage.wait(aftermathMs);
    results.push(...(await bus.newResults()));
    // A consumer that does not take messages will not take the next one either.
    if (unsettled > 0) break;
  }
  const faults = judgeCase(asked, play, {
    requests: target.requests.slice(seen.target),
    elsewhere: elsewhere.requests.slice(seen.elsewhere),
    results: results.map(({ body }): unknown => body),
    putAside: await bus.newlyPutAside(),
    unsettled,
  });
  return { name: asked.name, expected: asked.expected, faults, answered: unsettled === 0 || asked.mayWait === true };
}

/** The object that the plan is about, as the step wants it seen; one that was written shows it, unless a replica lags. */
function serve({ sample }: CasePlay, target: Recorder, from: number, facts: () => FactsShown): void {
  const { call, answers } = sample;
  target.serve(call.reads.url, () => {
    if (facts() === 'changed') return answers.changed;
    const isWritten = target.requests
      .slice(from)
      .some((made) => tookEffect(made) && made.method === call.method && made.path === plainPath(call.url));
    return isWritten && facts() === 'as-planned' ? answers.after : answers.before;
  });
}
