import type { ConditionalAccessPolicy } from '../model/conditional-access-policy.ts';
import type { FilterVerdict } from './application-filter.ts';
import { compilePolicy, effectWhere, type CompiledPolicy } from './compile.ts';

/** Whether a change of one policy is something else to an app. */
export type TouchesApp = (appId: string) => boolean;

const filterVerdicts = [
  'unfiltered',
  'match',
  'miss',
  'unread',
  'unclear',
  'unparsed',
] as const satisfies FilterVerdict[];

/**
 * Compares what a policy does with what it did; null: it is not there. What an application filter says of an app is not
 * asked for, since that takes the app's security attributes: with the same filter on both sides every answer is compared,
 * with another one the app is touched where the policy acts at all.
 */
export function policyChange(
  before: ConditionalAccessPolicy | null,
  after: ConditionalAccessPolicy | null,
): TouchesApp {
  const [was, is] = [before, after].map((policy) => (policy === null ? null : compilePolicy(policy)));
  const comparable =
    before === null ||
    after === null ||
    JSON.stringify(before.applications.filter) === JSON.stringify(after.applications.filter);
  return (appId) =>
    filterVerdicts.some((verdict) => {
      const [did, does] = [weightOf(was ?? null, appId, verdict), weightOf(is ?? null, appId, verdict)];
      return comparable ? did !== does : did !== '' || does !== '';
    });
}

/** What of an effect a verdict can rest on; empty where there is none. Words and notes may change without being drift. */
function weightOf(policy: CompiledPolicy | null, appId: string, verdict: FilterVerdict): string {
  if (policy === null) return '';
  const { kind, demand, latent, microsoftManaged } = effectWhere(policy, appId, verdict);
  return kind === 'none' ? '' : [kind, demand, latent, microsoftManaged].join(' ');
}
