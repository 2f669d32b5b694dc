import type { z } from 'zod';
import { MessageMalformed, parsedBody, parseMessage } from './malformed.ts';

/**
 * A CloudEvent of ours as its schema reads it. One of another major version is refused as such: what it means nobody here
 * can know, and its members may look like those of this one.
 * @param type of the version that is read here, e.g. `kerbwatch.drift.v1`
 * @throws MessageMalformed
 */
export function parseEvent<T>(where: string, type: string, schema: z.ZodType<T>, body: unknown): T {
  const value = parsedBody(where, body);
  const [stem, version] = versionOf(type);
  const [foundStem, found] = versionOf(typeIn(value));
  if (foundStem === stem && found !== version) {
    throw new MessageMalformed(where, [
      `type: of version ${found}, and this app reads version ${version} alone; ` +
        'have the app that sends and the app that receives run the same release',
    ]);
  }
  return parseMessage(where, schema, value);
}

function versionOf(type: string): readonly [stem: string, version: string] {
  const [, stem = type, version = ''] = /^(.+)\.v(\d{1,6})$/.exec(type) ?? [];
  return [stem, version];
}

function typeIn(value: unknown): string {
  const { type } = (typeof value === 'object' && value !== null ? value : {}) as { readonly type?: unknown };
  return typeof type === 'string' ? type : '';
}
