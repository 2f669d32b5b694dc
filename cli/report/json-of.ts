import { pipelineSafeJson } from './pipeline-safe.ts';

/** A document as stdout gets it. */
export function jsonOf(document: object): string {
  return `${pipelineSafeJson(JSON.stringify(document, null, 2))}\n`;
}
