import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { buildBundle } from '../../infra/build.ts';
import { createRandom } from '../simulator/random.ts';
import { consentedAccounts } from './change-tenant.ts';
import { type Check, checkWorld } from './checks.ts';
import { findingsOf, jobsOf, sameAs, someOf } from './compare.ts';
import { type Kill, type Victim, victimsOf } from './kills.ts';
import { play, type PlayOptions } from './play.ts';
import { writeScript } from './script.ts';
import { startWorld } from './world.ts';

export interface ChaosOptions {
  readonly kills: number;
  readonly seed: number;
  readonly onKill: (kill: Kill) => void;
  /** A word on what happens next. */
  readonly say: (line: string) => void;
}

export interface ChaosReport {
  readonly checks: readonly Check[];
  /** Alerts that came to the receiver, and how many of them it had before. */
  readonly alerts: { readonly received: number; readonly repeated: number };
  readonly findings: number;
}

const hostJson = fileURLToPath(new URL('../../host.json', import.meta.url));
const killsPerRound = 4;

/** Plays one script twice, calm and with kills, side by side; checks each by itself, and the one against the other. */
export async function runChaos({ kills, seed, onKill, say }: ChaosOptions): Promise<ChaosReport> {
  const victims = roundsOf(victimsOf(kills));
  const rounds = Math.max(1, victims.length - 1);
  const scratch = await mkdtemp(join(tmpdir(), 'kerbwatch-chaos-'));

  async function played(name: string, who: PlayOptions['victims']) {
    const world = await startWorld({ bundle, directory: join(scratch, name) });
    try {
      const script = writeScript(consentedAccounts(world), rounds, createRandom(seed));
      const done = await play(world, { script, victims: who, seed, onKill });
      const ids = world.webhook.alerts.map(({ alert: { id } }) => id);
      return {
        checks: await checkWorld(world, done),
        findings: await findingsOf(world, done),
        jobs: await jobsOf(world),
        alerts: { received: ids.length, repeated: ids.length - new Set(ids).size },
        writes: done.writes.consents,
      };
    } catch (error) {
      say(`The run ${name} broke off. What its functions said last:`);
      for (const line of world.said) say(line);
      throw error;
    } finally {
      await world.stop();
    }
  }

  const bundle = join(scratch, 'main.mjs');
  try {
    await copyFile(hostJson, join(scratch, 'host.json'));
    await buildBundle({ outfile: bundle, sourceMap: false });
    const [calm, chaos] = await allOf(played('without kills', []), played('with kills', victims));
    return {
      checks: [
        ...calm.checks.map(({ name, violations }) => ({ name: `Without kills: ${name}`, violations })),
        ...chaos.checks,
        someOf('There were findings, jobs, alerts and writes', {
          findings: calm.findings.length,
          jobs: calm.jobs.length,
          alerts: calm.alerts.received,
          writes: calm.writes,
        }),
        sameAs('The findings are those of a run without kills', calm.findings, chaos.findings),
        sameAs('The jobs are those of a run without kills', calm.jobs, chaos.jobs),
      ],
      alerts: chaos.alerts,
      findings: chaos.findings.length,
    };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Both, or the first error when both have ended: what they use is taken away afterwards. */
async function allOf<A, B>(first: Promise<A>, second: Promise<B>): Promise<readonly [A, B]> {
  await Promise.allSettled([first, second]);
  return [await first, await second];
}

/** Cuts the kills into rounds; the first kills the first audit. No round has more than a message has deliveries to spare. */
function roundsOf(victims: readonly Victim[]): readonly (readonly Victim[])[] {
  const rounds = [...Map.groupBy(victims, (victim) => victim).values()].flatMap((same) =>
    Array.from({ length: Math.ceil(same.length / killsPerRound) }, (_, index) =>
      same.slice(index * killsPerRound, (index + 1) * killsPerRound),
    ),
  );
  return rounds;
}
