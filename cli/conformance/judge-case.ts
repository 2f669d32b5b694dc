import { isDeepStrictEqual } from 'node:util';
import { MessageMalformed } from '../../infra/messages/malformed.ts';
import { parseResultEvent, type ResultEvent } from '../../infra/messages/result.ts';
import type { CasePlay, ConformanceCase } from './cases.ts';
import { isWrite, plainPath, type RecordedRequest, tookEffect } from './recorder.ts';

/** What a consumer did while a case was played. */
export interface Observed {
  readonly requests: readonly RecordedRequest[];
  /** Requests to the host that no job may lead to. */
  readonly elsewhere: readonly RecordedRequest[];
  /** Bodies of results. */
  readonly results: readonly unknown[];
  readonly putAside: number;
  /** Messages that stayed in the queue. */
  readonly unsettled: number;
}

/** What the consumer did wrong, a sentence each; none when it behaves. */
export function judgeCase(asked: ConformanceCase, play: CasePlay, observed: Observed): readonly string[] {
  return [
    ...writeFaults(asked, play, observed.requests),
    ...impatienceFaults(observed.requests),
    ...observed.elsewhere.map(
      ({ method, path, hasToken }) => `It asked ${method} ${path} of another host${hasToken ? ', with its token' : ''}`,
    ),
    ...resultFaults(asked, play, observed),
    ...(observed.unsettled > 0 && asked.mayWait !== true
      ? ['It left the message in the queue: complete it, or put it with the dead letters']
      : []),
  ];
}

function writeFaults(
  { writes }: ConformanceCase,
  { sample: { call } }: CasePlay,
  requests: readonly RecordedRequest[],
): readonly string[] {
  const tried = requests.filter(isWrite);
  const made = tried.filter(tookEffect);
  if (made.length > writes) {
    const calls = made.map(({ method, path }) => `${method} ${path}`).join(', ');
    return [`It wrote ${String(made.length)} times, and was to write ${writes === 0 ? 'nothing' : 'once'}: ${calls}`];
  }
  if (made.length < writes) return ['It did not make the call of the plan'];
  return tried.flatMap((request) => {
    const isPlanned =
      request.method === call.method &&
      request.path === plainPath(call.url) &&
      isDeepStrictEqual(request.body, call.body);
    const readBefore = requests
      .slice(0, requests.indexOf(request))
      .some(({ method, path }) => method === 'GET' && path === plainPath(call.reads.url));
    return [
      ...(isPlanned
        ? []
        : [`It wrote ${request.method} ${request.path} with another body or place than the plan says`]),
      ...(readBefore ? [] : ['It wrote without the read that guards the call']),
    ];
  });
}

/** A timer may fire a little early. */
const earlyMs = 20;

function impatienceFaults(requests: readonly RecordedRequest[]): readonly string[] {
  return requests.flatMap(({ retryAfterMs, at }, index) => {
    const next = requests[index + 1];
    if (retryAfterMs === null || next === undefined || next.at - at >= retryAfterMs - earlyMs) return [];
    return [`It asked again after ${String(next.at - at)} ms, and was told to wait ${String(retryAfterMs)} ms`];
  });
}

function resultFaults(
  { outcomes, silence }: ConformanceCase,
  { sample }: CasePlay,
  { results, putAside, unsettled }: Observed,
): readonly string[] {
  const parsed = results.map(resultOf);
  const wrong = parsed.flatMap((result) => {
    if (typeof result === 'string') return [result];
    const { jobId, outcome } = result.data;
    if (jobId !== sample.job.jobId) return ['It sent a result for a job that it was not given'];
    return outcomes.includes(outcome) ? [] : [`It reported ${outcome}; right is ${outcomes.join(' or ')}`];
  });
  if (results.length > 0 || unsettled > 0) return wrong;
  if (!silence) return [`It sent no result; right is ${outcomes.join(' or ')}`];
  return putAside > 0 ? [] : ['The message vanished: neither a result nor a dead letter says that it was refused'];
}

function resultOf(body: unknown): ResultEvent | string {
  try {
    return parseResultEvent(body);
  } catch (error) {
    if (error instanceof MessageMalformed) return `It sent a result that is none: ${error.what.join('; ')}`;
    throw error;
  }
}
