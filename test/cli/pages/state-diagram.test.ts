import { describe, expect, it } from 'vitest';
import { findingsMarkdown } from '../../../cli/pages/findings-markdown.ts';
import { stateDiagram } from '../../../cli/pages/state-diagram.ts';
import { lifecycle } from '../../../domain/findings/lifecycle.ts';

describe('the state diagram', () => {
  it('draws one arrow for each pair of states, from the beginning where there is no state yet', () => {
    expect(
      stateDiagram([
        { from: 'none', on: 'fault-seen', to: 'open', kind: 'opened' },
        { from: 'open', on: 'fault-worse', to: 'open', kind: 'worse' },
        { from: 'open', on: 'fault-other', to: 'open', kind: 'changed' },
      ]).split('\n'),
    ).toEqual([
      '```mermaid',
      'stateDiagram-v2',
      '  [*] --> open: fault-seen',
      '  open --> open: fault-worse, fault-other',
      '```',
    ]);
  });

  it('of docs/findings.md has every row of the lifecycle', () => {
    const lines = findingsMarkdown().split('\n');
    for (const { from, on, to } of lifecycle) {
      const arrow = lines.find((line) => line.startsWith(`  ${from === 'none' ? '[*]' : from} --> ${to}: `));
      expect(arrow?.split(': ')[1]?.split(', ')).toContain(on);
    }
    expect(lines.filter((line) => line.includes('-->'))).toHaveLength(
      new Set(lifecycle.map(({ from, to }) => `${from} ${to}`)).size,
    );
  });
});
