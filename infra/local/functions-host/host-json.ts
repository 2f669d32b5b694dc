import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { HostJsonError } from './errors.ts';

/** `hh:mm:ss` with optional days and fractions, the .NET TimeSpan that host.json uses; becomes milliseconds. */
const timeSpan = z
  .string()
  .regex(/^(\d+\.)?\d{1,2}:\d{2}:\d{2}(\.\d+)?$/, 'must be a time span like 00:05:00')
  .transform((text) => {
    const [, days = '0', hours = '0', minutes = '0', seconds = '0'] =
      /^(?:(\d+)\.)?(\d+):(\d+):(\d+(?:\.\d+)?)$/.exec(text) ?? [];
    return (((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  });

/** The settings of host.json that this host obeys. Defaults are the extensions' own, except where a number of cores decides there. */
const HostJson = z.object({
  version: z.literal('2.0'),
  extensions: z
    .object({
      http: z.object({ routePrefix: z.string().default('api') }).prefault({}),
      serviceBus: z
        .object({
          maxConcurrentCalls: z.int().positive().default(16),
          maxConcurrentSessions: z.int().positive().default(8),
          maxAutoLockRenewalDuration: timeSpan.prefault('00:05:00'),
          sessionIdleTimeout: timeSpan.prefault('00:01:00'),
        })
        .prefault({}),
    })
    .prefault({}),
});

export type HostJson = z.infer<typeof HostJson>;

/**
 * Reads the host.json of an app: the nearest one at or above the bundle's folder. Durations come out in milliseconds.
 * @throws HostJsonError
 */
export function readHostJson(bundle: string): HostJson {
  const path = findHostJson(dirname(bundle));
  if (path === undefined) {
    throw new HostJsonError(
      `There is no host.json at or above ${dirname(bundle)}. It belongs beside the app's package.json.`,
    );
  }
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new HostJsonError(`${path} is not JSON. Correct it; comments are not allowed here.`, { cause });
  }
  const parsed = HostJson.safeParse(content);
  if (!parsed.success) throw new HostJsonError(`${path} cannot be used:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

function findHostJson(folder: string): string | undefined {
  const candidate = join(folder, 'host.json');
  if (existsSync(candidate)) return candidate;
  const parent = dirname(folder);
  return parent === folder ? undefined : findHostJson(parent);
}
