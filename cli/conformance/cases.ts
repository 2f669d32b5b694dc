import type { ServiceBusMessage } from '@azure/service-bus';
import { type ActionName, actionRisks } from '../../domain/remediation/actions.ts';
import type { JobEvent } from '../../infra/messages/job.ts';
import type { ResultEvent } from '../../infra/messages/result.ts';
import type { Disturbance } from './recorder.ts';
import { dueJob, type Making, messageOf, type SampleJob, unapprovedJob } from './sample-jobs.ts';

type Outcome = ResultEvent['data']['outcome'];

/** What the reads of a job show: what it expects, what somebody else made of it, or still the old after the write. */
export type FactsShown = 'as-planned' | 'changed' | 'lagging';

/** One message, and the facts while it is played. */
export interface Step {
  readonly message: ServiceBusMessage;
  readonly facts: FactsShown;
  /** What is answered otherwise than it should be. */
  readonly disturbances?: readonly Disturbance[];
}

export interface CasePlay {
  readonly sample: SampleJob;
  readonly steps: readonly Step[];
}

/** One thing that a consumer has to do right. */
export interface ConformanceCase {
  readonly name: string;
  /** What a consumer has to do, as a sentence. */
  readonly expected: string;
  /** How often the plan's call is to be made. */
  readonly writes: 0 | 1;
  /** What may be reported; with `silence`, nothing as well. */
  readonly outcomes: readonly Outcome[];
  /** Whether no result is right as well, as long as the message is put aside. */
  readonly silence: boolean;
  /** Whether the message may stay in the queue. */
  readonly mayWait?: true;
  /** How much longer than others it may take, as the consumer has to pause. */
  readonly pausesMs?: number;
  /** @param elsewhere an origin that is not the configured one. */
  play(making: Making, elsewhere: string): CasePlay;
}

const minute = 60_000;
const refusedLoudly = { writes: 0, outcomes: ['refused'], silence: false } as const;
/** Of what can never be processed, that it was put aside says enough. */
const refused = { writes: 0, outcomes: ['refused'], silence: true } as const;
/** Whether it gives up at once, or only once the broker puts the message aside, nothing was done. */
const failed = { writes: 0, outcomes: ['failed', 'refused'], silence: true, pausesMs: 10_000 } as const;
const always = Number.POSITIVE_INFINITY;
const done = { writes: 1, outcomes: ['done'], silence: false } as const;

function once(sample: SampleJob, change?: (event: JobEvent) => unknown, facts: FactsShown = 'as-planned'): CasePlay {
  return { sample, steps: [{ message: messageOf(sample, change), facts }] };
}

function disturbed(sample: SampleJob, ...disturbances: readonly Disturbance[]): CasePlay {
  return { sample, steps: [{ message: messageOf(sample), facts: 'as-planned', disturbances }] };
}

function withData(over: (data: JobEvent['data']) => Partial<JobEvent['data']>) {
  return (event: JobEvent) => ({ ...event, data: { ...event.data, ...over(event.data) } });
}

function withCall(over: (call: JobEvent['data']['plan'][number]) => object) {
  return (event: JobEvent) => ({
    ...event,
    data: { ...event.data, plan: event.data.plan.map((call) => ({ ...call, ...over(call) })) },
  });
}

/** In the order in which they are played: the first shows that the consumer listens, the last that it still does. */
export const conformanceCases: readonly ConformanceCase[] = [
  {
    name: 'plain',
    expected: 'reads, compares, makes the one call of the plan, and reports done',
    ...done,
    play: (making) => once(dueJob(making)),
  },
  {
    name: 'newer-minor',
    expected: 'ignores members that it does not know, and does without those that are optional',
    ...done,
    play(making) {
      const sample = dueJob(making);
      const message = messageOf(sample, (event) => ({
        ...withCall(({ before: _before, after: _after, ...call }) => call)(event),
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      }));
      const applicationProperties = { ...message.applicationProperties, schemaVersion: '1.7' };
      return { sample, steps: [{ message: { ...message, applicationProperties }, facts: 'as-planned' }] };
    },
  },
  {
    name: 'duplicate',
    expected:
      'carries out an attempt of a job once, though it comes again in another message and the facts still look old',
    writes: 1,
    outcomes: ['done', 'refused'],
    silence: false,
    play(making) {
      const sample = dueJob(making);
      const message = messageOf(sample);
      return {
        sample,
        steps: [
          { message, facts: 'as-planned' },
          { message: { ...message, messageId: making.newGuid() }, facts: 'lagging' },
        ],
      };
    },
  },
  {
    name: 'second-attempt',
    expected: 'takes a further attempt of a job that it refused before for a job of its own',
    writes: 1,
    outcomes: ['refused', 'done'],
    silence: false,
    play(making) {
      const sample = dueJob(making);
      const again: SampleJob = { ...sample, job: { ...sample.job, attempt: 2 } };
      return {
        sample,
        steps: [
          { message: messageOf(sample), facts: 'changed' },
          { message: messageOf(again), facts: 'as-planned' },
        ],
      };
    },
  },
  {
    name: 'stale',
    expected: 'writes nothing where the facts are not those that the job was planned against',
    ...refusedLoudly,
    play: (making) => once(dueJob(making), undefined, 'changed'),
  },
  {
    name: 'expired',
    expected: 'writes nothing from expiresAt on',
    ...refused,
    play: (making) => once(dueJob(making, { expiresAt: making.now - minute })),
  },
  {
    name: 'not-yet-due',
    expected: 'writes nothing before notBefore',
    ...refused,
    mayWait: true,
    play: (making) => once(dueJob(making, { notBefore: making.now + 30 * minute })),
  },
  {
    name: 'unapproved',
    expected: 'does nothing that is not safe without an approval',
    ...refused,
    play: (making) => once(unapprovedJob({ ...making, action: 'exclude-app-from-policy' })),
  },
  {
    name: 'understated-risk',
    expected: 'knows the risk of an action itself, and does not take the word of the message for it',
    ...refused,
    play: (making) => once(unapprovedJob({ ...making, action: 'exclude-app-from-policy' }, 'safe')),
  },
  {
    name: 'other-call',
    expected: 'makes no call that is not the one of the action',
    ...refused,
    play(making) {
      const own = dueJob(making);
      // Of another kind of object than the action writes.
      const other = own.job.plan.target.type === 'application' ? 'grant-consent' : 'add-cloud-group-tag';
      const { job, call, answers } = dueJob({ ...making, action: other });
      const plan = { ...own.job.plan, target: job.plan.target, calls: job.plan.calls };
      return once({ job: { ...own.job, plan }, call, answers });
    },
  },
  {
    name: 'dry-run',
    expected: 'changes nothing, and reports dry-run',
    writes: 0,
    outcomes: ['dry-run'],
    silence: false,
    play: (making) => once(dueJob(making, { dryRun: true })),
  },
  {
    name: 'unknown-action',
    expected: 'refuses an action that it does not know',
    ...refused,
    play: (making) =>
      once(
        dueJob(making),
        withData(() => ({ action: 'delete-everything' })),
      ),
  },
  {
    name: 'future-version',
    expected: 'refuses another major version of the contract, though its members look familiar',
    ...refused,
    play(making) {
      const sample = dueJob(making);
      const message = messageOf(sample, (event) => ({ ...event, type: 'kerbwatch.remediation.requested.v2' }));
      const applicationProperties = { ...message.applicationProperties, schemaVersion: '2.0' };
      return { sample, steps: [{ message: { ...message, applicationProperties }, facts: 'as-planned' }] };
    },
  },
  {
    name: 'other-tenant',
    expected: 'refuses a job for another tenant',
    ...refused,
    play: (making) => once(dueJob({ ...making, tenantId: making.newGuid() })),
  },
  {
    name: 'url-elsewhere',
    expected: 'asks nothing of another host, whole URL or not, and above all sends it no token',
    ...refused,
    play(making, elsewhere) {
      const sample = dueJob(making);
      const from = (url: string): string[] => [`${elsewhere}${url}`, `${elsewhere.replace('http:', '')}${url}`];
      const reads = (call: JobEvent['data']['plan'][number], url: string) => ({ reads: { ...call.reads, url } });
      const changes = [
        ...from(sample.call.url).map((url) => withCall(() => ({ url }))),
        ...from(sample.call.reads.url).map((url) => withCall((call) => reads(call, url))),
      ];
      const steps = changes.map((change, at): Step => {
        const message = messageOf({ ...sample, job: { ...sample.job, attempt: at + 1 } }, change);
        return { message, facts: 'as-planned' };
      });
      return { sample, steps };
    },
  },
  {
    name: 'redirected-read',
    expected: 'follows no redirect, by which its token may get elsewhere, and writes nothing after one',
    ...failed,
    play(making, elsewhere) {
      const sample = dueJob(making);
      const location = `${elsewhere}${sample.call.reads.url}`;
      return disturbed(sample, { to: 'reads', status: 307, location, times: always });
    },
  },
  {
    name: 'redirected-write',
    expected: 'sends what it writes to no other host, and does not report done where it was sent there',
    ...failed,
    play(making, elsewhere) {
      const sample = dueJob(making);
      const location = `${elsewhere}${sample.call.url}`;
      return disturbed(sample, { to: 'writes', status: 307, location, times: always });
    },
  },
  {
    name: 'throttled',
    expected: 'waits as long as Retry-After says, then does it, and reports no sooner',
    ...done,
    pausesMs: 5_000,
    play: (making) => disturbed(dueJob(making), { to: 'writes', status: 429, retryAfterMs: 1_000, times: 1 }),
  },
  {
    name: 'unavailable',
    expected: 'tries again after 503, be it a read or the write, and reports once it is done',
    ...done,
    pausesMs: 10_000,
    play: (making) =>
      disturbed(dueJob(making), { to: 'reads', status: 503, times: 1 }, { to: 'writes', status: 503, times: 1 }),
  },
  {
    name: 'unauthorized',
    expected: 'does not report done where the write was answered 401',
    ...failed,
    play: (making) => disturbed(dueJob(making), { to: 'writes', status: 401, times: always }),
  },
  {
    name: 'forbidden',
    expected: 'does not report done where the write was answered 403',
    ...failed,
    play: (making) => disturbed(dueJob(making), { to: 'writes', status: 403, times: always }),
  },
  {
    name: 'malformed',
    expected: 'puts aside what is no job',
    ...refused,
    play(making) {
      const sample = dueJob(making);
      const message = messageOf(sample, ({ data: { plan: _, ...data }, ...event }) => ({ ...event, data }));
      const noJson = { ...message, messageId: making.newGuid(), body: Buffer.from('{"specversion":') };
      return { sample, steps: [message, noJson].map((each): Step => ({ message: each, facts: 'as-planned' })) };
    },
  },
  {
    name: 'afterwards',
    expected: 'still does what it should, after all of that',
    ...done,
    play: (making) => once(dueJob(making)),
  },
];

/** What is played for each action that a consumer says it carries out. */
function casesOf(action: ActionName): readonly ConformanceCase[] {
  const cases: readonly ConformanceCase[] = [
    {
      name: `done:${action}`,
      expected: `carries out ${action}: reads, compares, makes its one call, and reports done`,
      ...done,
      play: (making) => once(dueJob({ ...making, action })),
    },
    {
      name: `stale:${action}`,
      expected: `leaves ${action} where the facts are not those that the job was planned against`,
      ...refusedLoudly,
      play: (making) => once(dueJob({ ...making, action }), undefined, 'changed'),
    },
  ];
  if (actionRisks[action] === 'safe') return cases;
  return [
    ...cases,
    {
      name: `unapproved:${action}`,
      expected: `leaves ${action} without an approval`,
      ...refused,
      play: (making) => once(unapprovedJob({ ...making, action })),
    },
  ];
}

/** All that is played to a consumer of these actions, the last case at the end. */
export function casesFor(actions: readonly ActionName[]): readonly ConformanceCase[] {
  return [...conformanceCases.slice(0, -1), ...actions.flatMap(casesOf), ...conformanceCases.slice(-1)];
}
