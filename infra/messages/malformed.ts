import type { z } from 'zod';

/** A message that is not what its contract says. It can never be processed: put it aside and say why. */
export class MessageMalformed extends Error {
  override readonly name = 'MessageMalformed';
  /** Which kind of message. */
  readonly where: string;
  /** One sentence per problem, each beginning with the path of the member; never a value. */
  readonly what: readonly string[];

  constructor(where: string, what: readonly string[], options?: ErrorOptions) {
    super(`Not a valid ${where}: ${what.join('; ')}`, options);
    this.where = where;
    this.what = what;
  }
}

/**
 * A message's body as its schema reads it: members the schema does not know are dropped. The same schema makes our own.
 * @param body parsed JSON, or its text or bytes.
 * @throws MessageMalformed
 */
export function parseMessage<T>(where: string, schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(parsedBody(where, body));
  if (result.success) return result.data;
  throw new MessageMalformed(
    where,
    result.error.issues.map(({ path, message }) => `${path.map(String).join('.') || 'body'}: ${message}`),
  );
}

/** @param body parsed JSON, or its text or bytes. @throws MessageMalformed */
export function parsedBody(where: string, body: unknown): unknown {
  const text = body instanceof Uint8Array ? Buffer.from(body).toString('utf8') : body;
  if (typeof text !== 'string') return text;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MessageMalformed(where, ['body: not JSON'], { cause });
  }
}
