import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';

import { placeOf } from '../../domain/findings/place.ts';
import type { EmbeddedCloud } from '../../infra/local/embedded-cloud.ts';
import { operator, people } from '../../infra/local/identity/people.ts';
import { runNightlyAudit, startBenchCloud } from './bench-cloud.ts';
import { writeBigEstate } from './big-estate.ts';
import { figure, heading, percentiles, seconds } from './figures.ts';
import { root } from './run-child.ts';

const perSecond = 1000;
const forSeconds = 10;

const Flooded = z.object({
  sentIn: z.number(),
  answeredIn: z.number(),
  failed: z.number(),
  answers: z.array(
    z.object({
      status: z.number(),
      retryAfter: z.string().optional(),
      isProblem: z.boolean(),
      milliseconds: z.number(),
    }),
  ),
});

/** One client in a process of its own sends 1,000 changes a second for ten seconds, while another person reads. */
export async function benchRequestFlood(directory: string): Promise<void> {
  heading(
    'The API under 1,000 requests a second of one client, for ten seconds',
    'over HTTP against the functions host; client in another process; every served request changes a finding',
  );
  await writeBigEstate(directory, { accounts: 30, kerberos: 10 }, new Date());
  const cloud = await startBenchCloud(directory, []);
  try {
    await runNightlyAudit(cloud);
    await flood(cloud);
  } finally {
    await cloud.stop();
  }
}

async function flood(cloud: EmbeddedCloud): Promise<void> {
  const [finding] = await Array.fromAsync(cloud.store.findings.list('open'));
  const reader = people.find(({ name }) => name === 'auditor');
  if (finding === undefined || reader === undefined) throw new Error('The estate has no open finding');
  const tokens = await Promise.all([operator, reader].map((person) => cloud.personToken(person, 3600)));
  const address = `${cloud.apiAddress}/v1/findings/${finding.id.replaceAll('/', '~')}/acknowledgement`;
  const changesOf = async (): Promise<number> =>
    (await cloud.store.history.of(placeOf(finding).key)).filter(({ rule }) => rule === finding.rule).length;
  const changesBefore = await changesOf();
  const before = process.memoryUsage();

  const client = promisify(execFile)(
    process.execPath,
    ['test/bench/request-flood-client.ts', address, tokens[0] ?? '', String(perSecond), String(forSeconds)],
    { cwd: root, maxBuffer: 64 * 1024 * 1024 },
  );
  const read = readMeanwhile(`${cloud.apiAddress}/v1/findings?limit=1`, tokens[1] ?? '', client);
  const { sentIn, answeredIn, failed, answers } = Flooded.parse(JSON.parse((await client).stdout));
  const reads = await read;
  const after = process.memoryUsage();

  const refused = answers.filter(({ status }) => status === 429);
  const told = refused.filter(({ retryAfter, isProblem }) => isProblem && Number(retryAfter) >= 1);
  const served = answers.filter(({ status }) => status === 200).length;
  await cloud.host.runTimer('dispatch-outbox');
  figure('requests sent, in', `${String(answers.length + failed)}, ${seconds(sentIn)}`);
  figure('answered within', seconds(answeredIn));
  figure(
    'served, refused with 429, other, no answer',
    [served, refused.length, answers.length - served - refused.length, failed].join(', '),
  );
  figure('429 that are a problem with Retry-After', String(told.length));
  figure('changes in history (at most those served)', String((await changesOf()) - changesBefore));
  figure('time to an answer', percentiles(answers.map(({ milliseconds }) => milliseconds)));
  figure(
    'another reads meanwhile: served of asked',
    `${String(reads.filter(({ status }) => status === 200).length)} of ${String(reads.length)}`,
  );
  figure('another reads meanwhile: time', percentiles(reads.map(({ milliseconds }) => milliseconds)));
  figure('resident memory before, after', `${megabytes(before.rss)}, ${megabytes(after.rss)}`);
  figure('heap before, after', `${megabytes(before.heapUsed)}, ${megabytes(after.heapUsed)}`);
}

/** One read after another, twice a second, until `until` settles. */
async function readMeanwhile(
  address: string,
  token: string,
  until: PromiseLike<unknown>,
): Promise<readonly { readonly status: number; readonly milliseconds: number }[]> {
  let isOver = false;
  const over = (): void => void (isOver = true);
  until.then(over, over);
  const isOverNow = (): boolean => isOver;
  const reads = [];
  while (!isOverNow()) {
    const started = performance.now();
    const response = await fetch(address, { headers: { authorization: `Bearer ${token}` } });
    await response.arrayBuffer();
    reads.push({ status: response.status, milliseconds: performance.now() - started });
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return reads;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(0)} MB`;
}
