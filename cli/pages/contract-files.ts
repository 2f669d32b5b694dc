import { asyncApiDocument } from '../../infra/contract/async-api.ts';
import { messageSchemas } from '../../infra/contract/message-schemas.ts';
import { jsonText } from './json-text.ts';

/** The contract of the queues and the topic, which others hold on to: by path. */
export function contractFiles(): readonly (readonly [string, string])[] {
  return [
    ['docs/contract/asyncapi.json', `${jsonText(asyncApiDocument())}\n`],
    ...Object.entries(messageSchemas()).map(
      ([name, schema]) => [`docs/contract/${name}.schema.json`, `${jsonText(schema)}\n`] as const,
    ),
  ];
}
