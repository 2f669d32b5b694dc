import type { Step } from '../../domain/findings/lifecycle.ts';

/** A Mermaid state diagram of steps: one arrow for each pair of states, with everything that leads along it. */
export function stateDiagram(steps: readonly Step[]): string {
  const arrows = new Map<string, string[]>();
  for (const { from, to, on } of steps) {
    const arrow = `${from === 'none' ? '[*]' : from} --> ${to}`;
    arrows.set(arrow, [...(arrows.get(arrow) ?? []), on]);
  }
  const lines = [...arrows].map(([arrow, stimuli]) => `  ${arrow}: ${stimuli.join(', ')}`);
  return ['```mermaid', 'stateDiagram-v2', ...lines, '```'].join('\n');
}
