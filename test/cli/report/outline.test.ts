import { expect, it } from 'vitest';
import { outline } from '../../../cli/report/outline.ts';

it('shows evidence as an outline: short things on one line, what is nested further in', () => {
  const policy = { id: 'p1', state: 'enabled', effect: 'violation', why: [{ row: 7, words: 'all users' }] };
  const evidence = { host: 'a.example', missing: ['openid', 'profile'], none: [], note: null, policies: [policy] };

  expect(outline(evidence, '  ')).toEqual([
    '  host: a.example',
    '  missing: openid, profile',
    '  none: none',
    '  note: none',
    '  policies:',
    '    - id: p1',
    '      state: enabled',
    '      effect: violation',
    '      why: row 7, words all users',
  ]);
});

it('lets nothing steer a terminal', () => {
  expect(outline({ name: '\u001B[31m::error::x' }, '')).toEqual(['name: : :error::x']);
});
