import { describe, expect, it } from 'vitest';
import { pipelineSafe, pipelineSafeJson } from '../../../cli/report/pipeline-safe.ts';

describe('text that a build agent prints', () => {
  it.each([
    ['##vso[task.complete]', '# #vso[task.complete]'],
    ['a ##[error]b', 'a # #[error]b'],
    ['###x', '# # #x'],
    ['::error::x', ': :error::x'],
    ['a ::error::x', 'a : :error::x'],
    ['a::b', 'a::b'],
    ['a\u001B[31mb\nc', 'ab c'],
    ['row 7: all resources', 'row 7: all resources'],
  ])('%j is %j', (text, safe) => {
    expect(pipelineSafe(text)).toBe(safe);
  });

  it('as JSON has another spelling and the same value', () => {
    const value = { name: '##vso[x] ###' };

    const json = pipelineSafeJson(JSON.stringify(value));

    expect(json).not.toContain('##');
    expect(JSON.parse(json)).toEqual(value);
  });
});
