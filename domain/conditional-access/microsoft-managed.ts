import type { ConditionalAccessPolicy } from '../model/conditional-access-policy.ts';

/**
 * Whether Microsoft made the policy and switches it on by itself. Graph has no member for it: every such policy has a
 * templateId, as those made from a template by administrators have, and a name that starts like this and that nobody
 * can change (public documentation of Microsoft-managed policies).
 */
export function isMicrosoftManaged({ templateId, displayName }: ConditionalAccessPolicy): boolean {
  return templateId !== null && displayName.trimStart().toLowerCase().startsWith('microsoft-managed:');
}
