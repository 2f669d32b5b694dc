import { expect, it } from 'vitest';
import { findingText } from '../../../cli/report/finding-text.ts';
import { finding, noon } from '../../infra/azure/samples.ts';

const day = 86_400_000;

/** The line that says since when it is open. */
function openSince(returns: number, flaps: readonly number[] = []): string | undefined {
  const around = { waiver: null, jobs: [], returns, lastSeenAt: null };
  // Episodes begin where waivers end too: they count for nothing here.
  const text = findingText(finding('profiles', { episode: 9, flaps }), around, (severity) => severity);
  return /^open since +\S+Z ?(.*)$/mu.exec(text)?.[1];
}

it('tells how often a fault came back, in words for one time', () => {
  expect(openSince(0)).toBe('');
  expect(openSince(1, [noon])).toBe('(it came back once)');
  expect(openSince(4, [noon])).toBe('(it came back 4 times)');
  expect(openSince(4, [noon - day, noon])).toBe('(it came back 4 times, 2 of them within a week)');
});
