import { stripVTControlCharacters } from 'node:util';

/**
 * Text from a file that somebody else wrote, made safe to print on one line: nothing in it steers a terminal, and no build
 * agent takes it for a command. Azure DevOps looks for `##vso[` anywhere in a line, GitHub Actions for `::` where one begins.
 */
export function pipelineSafe(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\p{Cc}/gu, ' ')
    .replaceAll(/#(?=#)/gu, '# ')
    .replaceAll(/(^|\s):(?=:)/gu, '$1: ');
}

/** The same for JSON, whose value stays what it is. */
export function pipelineSafeJson(json: string): string {
  return json.replaceAll('##', String.raw`\u0023\u0023`);
}
