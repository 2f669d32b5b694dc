import type { Gap, GapReason } from './collection.ts';

const passing: readonly GapReason[] = ['throttled', 'unreachable', 'server-error'];

/** Whether what could not be read may be read by whoever tries again in a while; a permission comes when somebody gives it. */
export function isPassingGap({ reason }: Pick<Gap, 'reason'>): boolean {
  return passing.includes(reason);
}
